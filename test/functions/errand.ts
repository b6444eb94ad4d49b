/** One run of every effect class, what must be true of it whatever broke on the way, and a sweeper and a person who see it through. */
import { expect } from 'vitest';
import type { Fault } from '../../adapters/memory/faults.ts';
import { isHeld, openSteps } from '../../core/ledger/state.ts';
import { decide } from '../../functions/decide/decide.ts';
import { statusOf } from '../../functions/status/status.ts';
import { readControl } from '../../functions/surroundings.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import type { Crossed } from '../doubles/functions.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

const inTurn = [
	[call('file.read')],
	[call('book.post', 'account', 7)],
	[call('pay.send')],
	[call('pay.trace')],
	[call('parcel.send')],
	[call('letter.send')],
];
export const tasks = { 'one after another': plans(...inTurn), 'side by side': plans(inTurn.flat()) };
export type Task = keyof typeof tasks;

export type Errand = {
	readonly desk: Installation;
	readonly outside: Outside;
	/** Attempts that reached a target before the decision that grants them stood in the ledger. */
	readonly early: readonly string[];
};
export type Broken = (call: Crossed) => Fault | undefined;

/** Runs the errand with `fault`, then sweeps until it is closed. A person is asked what became of a step, and knows. */
export async function errand(task: Task, fault: Broken, { keys = true } = {}): Promise<Errand> {
	const outside = outsideWorld();
	if (keys) outside.honoursKeys.add('pay').add('trace');
	const desk = install({ agent: clerk(outside), fault });
	const early: string[] = [];
	outside.meanwhile = ({ step, attempt }) => {
		if (!desk.lines().includes(`granted ${step}.${attempt}`)) early.push(`${step}.${attempt}`);
	};
	await desk.run(tasks[task]);
	for (let sweep = 0; sweep < SWEEPS && !(await isClosed(desk)); sweep += 1) await goOn(desk, outside);
	return { desk, outside, early };
}

const SWEEPS = 8;
const isClosed = async (desk: Installation): Promise<boolean> => (await desk.operator.reader.read(RUN)).state.closed !== null;

/** What a sweeper does with a run that could go on, and a person with one that waits for them. */
async function goOn(desk: Installation, outside: Outside): Promise<void> {
	const { state } = await desk.operator.reader.read(RUN);
	const open = openSteps(state);
	const status = statusOf(state, open, await readControl(desk.operator.store, desk.agent.name));
	if (status !== 'waiting') return desk.recover(RUN, status === 'stuck' ? 'person' : 'recovery');
	for (const step of open.filter(isHeld)) {
		const happened = outside.effects.some((effect) => effect.step === step.step);
		const answer = happened ? ({ is: 'done', result: null } as const) : ({ is: 'failed' } as const);
		expect(await decide({ run: RUN, by: BY, answer: { ...answer, step: step.step, note: 'looked' } }, desk.operator)).toMatchObject({
			is: 'recorded',
		});
	}
	return desk.recover();
}

/** S1, S3, S5, L2, L3, I1: closed, whole, nothing twice, nothing lost, nothing that the ledger and the world say differently. */
export function cameToAGoodEnd({ desk, outside, early }: Errand): void {
	expect(early).toEqual([]);
	const check = desk.check();
	if (check.is === 'broken') throw new Error(`the ledger is broken at place ${check.place}: ${check.why}`);
	expect(check.state.closed?.how).toBe('finished');
	expect(check.state.contradictions).toEqual([]);
	// I1: whatever was handed out is in the ledger.
	const granted = check.entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : []));
	expect(granted).toEqual(expect.arrayContaining(desk.handedOut.map(({ credentials }) => credentials.accessKeyId)));
	expect([...check.steps.values()].map(({ tool }) => tool)).toEqual(inTurn.flat().map(({ tool }) => tool));
	for (const step of check.steps.values()) {
		const done = step.end?.result === 'done';
		// Only the manual step may have failed: its target knows neither keys nor answers, and a person said so.
		if (step.tool !== 'letter.send') expect([step.tool, step.end?.result]).toEqual([step.tool, 'done']);
		if (step.tool === 'file.read') continue;
		const times = step.tool === 'book.post' ? timesPosted(desk) : outside.effects.filter((effect) => effect.step === step.step).length;
		expect([step.tool, times]).toEqual([step.tool, done ? 1 : 0]);
	}
}

const timesPosted = (desk: Installation): number => Number(desk.state.items.get(JSON.stringify(['book', 'account']))?.posted ?? 0) / 7;
