/** People's answers, behind a URL that says who signed. */
import { deskSurroundings } from '../lambda/desk.ts';
import { overUrl } from '../lambda/function-url.ts';
import type { LambdaHandler } from '../lambda/surroundings.ts';
import { takeUp } from '../resume/take-up.ts';
import type { DecideAnswer } from './decide.ts';
import { decideHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const around = await deskSurroundings();
	const decide = decideHandler(around) as (...event: Parameters<LambdaHandler>) => Promise<DecideAnswer>;
	return overUrl(async (event, context) => {
		const answer = await decide(event, context);
		if (answer.is === 'recorded') await takeUp(answer.run, 'answer', around);
		return answer;
	});
}
