/** Recording a person's answer, and taking the run up again with it. */
import type { Answer } from '../functions/decide/decide.ts';
import type { Desk } from '../local/desk.ts';
import { exitOf, exits } from './exit-codes.ts';
import { Fault } from './fault.ts';
import { commandLine, type Driving } from './options.ts';
import { openPlace, type Place, withDeployed } from './place.ts';
import type { Outcome } from './program.ts';
import { type RunReport, runLines } from './run-report.ts';
import { say } from './terminal.ts';

export type Answering = Driving & { readonly resume: boolean };
export type About = { readonly run: string; readonly step: number };

/**
 * Records what `answerOf` says after a look at what is asked, then drives the run until it ends or waits.
 *
 * @throws Fault `Refused` when nothing asks for this answer
 */
export async function record(about: About, options: Answering, answerOf: (desk: Desk) => Promise<Answer>): Promise<Outcome> {
	const { run, step } = about;
	const place = await openPlace(options);
	const recorded = await recordAt(place, about, { options, answerOf }).finally(() => place.desk.close());
	if (!options.resume)
		return {
			json: { run, step, recorded: recorded.is, by: recorded.by, after: null },
			lines: [`${words(recorded, about)}; take the run up with: ${commandLine(`resume ${run}`, options)}`],
			exit: exits.ok,
		};
	say(`${words(recorded, about)}; taking run ${run} up again`);
	const after = await takenUp(run, options);
	return {
		json: { run, step, recorded: recorded.is, by: recorded.by, after },
		lines: runLines(after, options),
		exit: exitOf(after),
	};
}

type Recorded = { readonly is: Answer['is']; readonly by: string };
const words = ({ is, by }: Recorded, { run, step }: About): string =>
	`recorded as ${by}: step ${step} of run ${run} ${{ approve: 'is approved', refuse: 'is refused', done: 'is done', failed: 'has failed' }[is]}`;

async function recordAt(
	place: Place,
	{ run }: About,
	{ options, answerOf }: { options: Answering; answerOf: (desk: Desk) => Promise<Answer> },
): Promise<Recorded> {
	const { desk } = place;
	const { state } = await desk.reader.read(run);
	// Whatever keeps the run from going on is told before anything is recorded.
	if (options.resume && !place.deployed) {
		const { checkedAgent } = await import('./driver.ts');
		await checkedAgent(desk.agentFolder(state.agent) ?? state.agent, options);
	}
	const answer = await answerOf(desk);
	const recorded = await place.decide(run, answer);
	if (recorded.is === 'refused') throw new Fault('Refused', recorded.why, exits.denied);
	return { is: answer.is, by: recorded.by };
}

/** Lets whoever drives the run come to rest first: taking it up would cut off the steps beside the answered one. */
export async function takenUp(run: string, options: Driving): Promise<RunReport> {
	// There, whoever records an answer has the run taken up.
	if (options.outputs !== undefined) return withDeployed(options, (deployed) => deployed.rested(run, options.wait));
	const { withDriver } = await import('./driver.ts');
	return withDriver({ ...options, mustExist: true }, async (driver) => {
		await driver.undriven(run);
		await driver.takeUp(run, 'answer');
		return driver.rested(run);
	});
}
