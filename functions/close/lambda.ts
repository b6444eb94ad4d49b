/** Stops runs, behind a URL that says who signed. */
import { deskSurroundings } from '../lambda/desk.ts';
import { overUrl } from '../lambda/function-url.ts';
import type { LambdaHandler } from '../lambda/surroundings.ts';
import { takeUp } from '../resume/take-up.ts';
import type { CloseAnswer } from './close.ts';
import { closeEvent, closeHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const around = await deskSurroundings();
	const close = closeHandler(around) as (...event: Parameters<LambdaHandler>) => Promise<CloseAnswer>;
	return overUrl(async (event, context) => {
		const answer = await close(event, context);
		// What is still open is settled, whether or not anything drives the run.
		if (answer.is === 'closed' && answer.stillOpen.length > 0) await takeUp(closeEvent.parse(event).run, 'answer', around);
		return answer;
	});
}
