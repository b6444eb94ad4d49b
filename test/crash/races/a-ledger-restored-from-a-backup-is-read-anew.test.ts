/**
 * L2, L4: a table was restored and the tail of a run is gone, with processes and executions that knew it still about. What
 * holds by the ledger alone: nobody carries on from memory, an epoch or a step that it does not know is not acted on, what an
 * attempt it does not know reports is refused, a key is the same one, and a claim that has outlived its holder stands.
 * What the ledger alone can't hold, the archive does, and stands at the end: whose decision is gone would be done again.
 */
import { expect, test } from 'vitest';
import { memoryArchive, memoryGeneration } from '../../../adapters/memory/archive.ts';
import { memoryAudit } from '../../../adapters/memory/audit.ts';
import type { Archive } from '../../../core/audit/archive-ports.ts';
import { compare } from '../../../functions/archive/compare.ts';
import { putBack } from '../../../functions/archive/put-back.ts';
import { decide } from '../../../functions/decide/decide.ts';
import type { GuardRequest } from '../../../functions/guard/protocol.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../../doubles/driver.ts';
import { die } from '../../doubles/mortal.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';

/** Back to the moment right after `line` was written. */
function restore(desk: Installation, line: string, run = RUN): void {
	const kept = desk.lines(run).indexOf(line) + 1;
	expect(kept).toBeGreaterThan(0);
	desk.state.chains.set(run, (desk.state.chains.get(run) ?? []).slice(0, kept));
}
const functionOf = (tool: string): string => `clerk_${tool.replace('.', '_')}`;
const eventOf = (tool: string, { epoch, step }: { epoch: number; step: number }) => ({
	state: 'Act',
	run: RUN,
	epoch,
	step,
	tool,
	hint: 0,
});

/** Warm functions, and a run that they know. */
async function known(outside: Outside): Promise<Installation> {
	const desk = install({ agent: clerk(outside), readers: 'warm' });
	await desk.run(plans([call('letter.send')], [call('file.read')]));
	return desk;
}

test('warm functions read it anew, and decide from what it holds', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = await known(outside);
	restore(desk, 'planned 1');
	expect(await desk.invoke('clerk-plan', { run: RUN, epoch: 0, hint: 0 })).toMatchObject({ next: 'act', steps: [{ step: 1 }] });
	expect(desk.check()).toMatchObject({ is: 'whole' });
});

test('an execution of an epoch that it has never seen is fenced, at plan and at the guard', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = await known(outside);
	await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: null, note: 'it is there' } }, desk.operator);
	await desk.recover();
	expect(desk.lines()).toContain('resumed 1: answer');
	restore(desk, 'planned 1');
	expect(await desk.invoke('clerk-plan', { run: RUN, epoch: 1, hint: 0 })).toMatchObject({ next: 'fenced' });
	expect(await desk.invoke(functionOf('letter.send'), eventOf('letter.send', { epoch: 1, step: 1 }))).toEqual({ status: 'fenced' });
	expect(outside.effectsOf('letter')).toHaveLength(1);
});

test('a step that it has never planned is not acted on', async () => {
	const outside = outsideWorld();
	const desk = await known(outside);
	restore(desk, 'done 1.1 by tool');
	const before = outside.arrived.length;
	const answer = await desk.invoke(functionOf('file.read'), eventOf('file.read', { epoch: 0, step: 2 }));
	expect(answer).toEqual({ status: 'unrecorded' });
	expect(outside.arrived).toHaveLength(before);
});

test('what an attempt that it does not know reports is refused, and rewrites nothing', async () => {
	const outside = outsideWorld();
	let late: GuardRequest | undefined;
	const desk = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			if (request.ask !== 'report' || late) return ask(request);
			late = request;
			return die();
		},
	});
	await desk.run(plans([call('letter.send')]));
	restore(desk, 'planned 1');
	if (!late) throw new Error('nothing was reported');
	expect(await desk.guard('letter.send', late)).toMatchObject({ is: 'refused' });
	expect(desk.lines().at(-1)).toBe('planned 1');
});

test('a key is the same one, made of the first entry: a target that honours it does it once', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.send')]));
	restore(desk, 'planned 1');
	await desk.recover(RUN, 'recovery');
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(new Set(outside.arrived.map(({ key }) => key)).size).toBe(1);
	expect(outside.effectsOf('pay')).toHaveLength(1);
});

test('a claim whose decision is gone still stands: nobody acts on its key again, its own step included, which is told so', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { otherwise: { key: ({ what }) => what } }) });
	await desk.run(plans([call('letter.send', 'order-7')]), 'first');
	restore(desk, 'planned 1', 'first');
	await desk.run(plans([call('letter.send', 'order-7')]), 'second');
	expect(desk.lines('second')).toContain('denied 1: claimed');
	await desk.recover('first', 'recovery');
	expect(desk.lines('first')).toContain('denied 1: claimed');
	expect(outside.effectsOf('letter')).toHaveLength(1);
});

test('control: with its whole tail back, the run ends as if nothing had been', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('letter.send')]));
	const whole = [...(desk.state.chains.get(RUN) ?? [])];
	restore(desk, 'planned 1');
	desk.state.chains.set(RUN, whole);
	await desk.recover(RUN, 'recovery');
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(outside.effectsOf('letter')).toHaveLength(1);
});

/**
 * Nobody opens a table whose present life the archive has not confirmed (test/dynamodb), and it confirms none before everything is back.
 * @see functions/archive/put-back.ts
 */
async function putBackFrom(archive: Archive, desk: Installation): Promise<void> {
	const around = { archive, findings: memoryAudit().findings, log: () => {}, remainingMs: () => 600_000, from: {} };
	const generation = memoryGeneration('restored', { state: desk.state, confirmed: new Set() });
	expect(await putBack({ ...around, generation })).toMatchObject({ is: 'confirmed' });
}

test.for(['letter.send', 'parcel.send'] as const)(
	'%s, whose decision was gone, is not done again once the archive has put it back',
	async (tool) => {
		const outside = outsideWorld();
		const desk = install({ agent: clerk(outside) });
		await desk.run(plans([call(tool)]));
		const archive = memoryArchive();
		await compare(RUN, { archive, findings: memoryAudit().findings, log: () => {}, ledger: desk.operator.store.ledger });
		restore(desk, 'planned 1');
		await putBackFrom(archive, desk);
		await desk.recover(RUN, 'recovery');
		expect(desk.lines().at(-1)).toBe('closed: finished');
		expect(outside.effects).toHaveLength(1);
	},
);

test.for(['letter.send', 'parcel.send'] as const)('control: %s is done again by whoever does not wait for the archive', async (tool) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call(tool)]));
	restore(desk, 'planned 1');
	await desk.recover(RUN, 'recovery');
	expect(outside.effects).toHaveLength(2);
});
