/** Having a run taken up again once something about it was recorded that it may have waited for. */
import type { Clock, Executions } from '../../core/ports.ts';
import type { ResumeEvent } from './resume.ts';

type TakingUp = {
	readonly executions: Executions;
	readonly clock: Clock;
	readonly log: (line: { name: string; message: string }) => void;
};

/** Never throws: what was recorded stands, and a run that nobody takes up is found by the next sweep. */
export async function takeUp(run: string, reason: ResumeEvent['reason'], { executions, clock, log }: TakingUp): Promise<void> {
	// Unlike any other, so that a person who resumes twice is heard twice. Two recoveries of one run start one execution.
	const name = `${run}.${reason}.${clock.now().toString(36)}`;
	try {
		await executions.start('recover', { name, input: { run, reason } });
	} catch (error) {
		log({ name: error instanceof Error ? error.name : 'unknown', message: `run ${run} was not taken up; the next sweep will` });
	}
}
