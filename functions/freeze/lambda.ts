/** Freezes and thaws, behind a URL that says who signed. */
import { deskSurroundings } from '../lambda/desk.ts';
import { overUrl } from '../lambda/function-url.ts';
import type { LambdaHandler } from '../lambda/surroundings.ts';
import { takeUp } from '../resume/take-up.ts';
import type { FreezeAnswer } from './freeze.ts';
import { freezeEvent, freezeHandler } from './handler.ts';

export async function lambda(): Promise<LambdaHandler> {
	const around = await deskSurroundings();
	const freeze = freezeHandler(around) as (...event: Parameters<LambdaHandler>) => Promise<FreezeAnswer>;
	return overUrl(async (event, context) => {
		const answer = await freeze(event, context);
		const said = freezeEvent.parse(event);
		// Which runs an agent's freeze held up is for the next sweep to find.
		if (answer.is === 'recorded' && said.is === 'thaw' && 'run' in said) await takeUp(said.run, 'answer', around);
		return answer;
	});
}
