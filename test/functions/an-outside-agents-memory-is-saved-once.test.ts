/** The memory of an agent that runs elsewhere: got back as it was saved, the same again saved once, another process' never written over. */
import { expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory/store.ts';
import { MEMORY_BYTES, PLAN_DEPTH } from '../../core/bounds.ts';
import { createReader } from '../../core/ledger/read.ts';
import { checkpoint } from '../../functions/intake/checkpoint.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { asking, driven } from '../doubles/driven.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const memoryIn = (answer: object) => (answer as { memory?: unknown }).memory;

test('none before one was saved, then the last one', async () => {
	const { desk, save, ask } = await driven();
	expect(memoryIn(await ask())).toBeNull();
	expect(await save({ at: 1 })).toEqual({ is: 'kept', run: RUN, place: 1 });
	expect(await save({ at: 2 })).toEqual({ is: 'kept', run: RUN, place: 2 });
	expect(memoryIn(await ask())).toEqual({ place: 2, memory: { at: 2 } });
	expect(desk.check().is).toBe('whole');
});

test('the same again adds nothing, in whatever order its keys are', async () => {
	const { desk, save } = await driven();
	await save({ a: 1, b: [2] });
	expect(await save({ b: [2], a: 1 })).toEqual({ is: 'known', run: RUN, place: 1 });
	expect(desk.entries()).toHaveLength(2);
});

test('over another than the one it follows: overtaken, and nothing is written', async () => {
	const { desk, save } = await driven();
	await save('mine', 0);
	expect(await save('theirs', 0)).toEqual({ is: 'overtaken', run: RUN, place: 1 });
	expect(await save('mine', 0)).toMatchObject({ is: 'known' });
	expect(await save('mine, later', 1)).toMatchObject({ is: 'kept', place: 2 });
	expect(desk.entries()).toHaveLength(3);
});

test('control: without the place it follows, whoever is late writes over what came after', async () => {
	const { save, ask } = await driven();
	await save('first');
	await save('second');
	await save('first');
	expect(memoryIn(await ask())).toMatchObject({ memory: 'first' });
});

test('while a step is open, and after it has ended', async () => {
	const { desk, take, save, act, ask } = await driven();
	await take(1, call('letter.send'));
	await save({ sent: 0 });
	await act(1, 'letter.send');
	await save({ sent: 1 });
	expect(await ask(1)).toMatchObject({ memory: { memory: { sent: 1 } }, steps: [{ is: 'done' }] });
	expect(desk.check().is).toBe('whole');
});

const deep = JSON.parse(`${'['.repeat(PLAN_DEPTH + 2)}${']'.repeat(PLAN_DEPTH + 2)}`);
test.for<[string, unknown]>([
	['too large', 'x'.repeat(MEMORY_BYTES)],
	['too deep', deep],
	['half a surrogate pair', '\ud83d'],
])('refused: %s', async ([, memory]) => {
	const { desk, save } = await driven();
	expect(await save(memory as string)).toMatchObject({ is: 'refused' });
	expect(desk.lines()).toEqual(['opened']);
});

test('refused: of a run with a planner, of another agent, of a closed run, of one that has used up its turns', async () => {
	const planned = install({ agent: clerk(outsideWorld()) });
	await planned.run(plans());
	expect(await asking(planned).save(1)).toMatchObject({ is: 'refused', why: expect.stringContaining('planner') });
	const { desk, save } = await driven(outsideWorld(), { spec: { budget: { steps: 1, turns: 2 } } });
	const other = { ...desk.operator, agent: clerk(outsideWorld(), { name: 'other' }) };
	expect(await checkpoint({ run: RUN, memory: 1 }, other)).toMatchObject({ is: 'refused', why: expect.stringContaining('other') });
	for (let turn = 1; turn <= 3; turn += 1) expect(await save(turn)).toMatchObject({ is: 'kept' });
	expect(await save(4)).toMatchObject({ is: 'refused', why: expect.stringContaining('budget') });
	expect(await save(3)).toMatchObject({ is: 'known' });
});

test.for(['unknown-not-written', 'unknown-written', 'unavailable', 'crash-before', 'crash-after'] as const)(
	'%s at its append, then asked again: saved once',
	async (way) => {
		const { desk } = await driven();
		let broken = false;
		const fault = ({ port, verb }: { port: string; verb: string }) => {
			if (`${port}.${verb}` !== 'ledger.append' || broken) return undefined;
			broken = true;
			return way;
		};
		const memory = memoryStore({ state: desk.state, fault });
		const store = { ...desk.operator.store, ledger: memory.ledger };
		const event = { run: RUN, memory: { at: 1 }, over: 0 };
		await checkpoint(event, { store, reader: createReader(store), agent: desk.agent }).catch(() => {});
		expect(broken).toBe(true);
		expect(['kept', 'known']).toContain((await checkpoint(event, desk.operator)).is);
		expect(desk.lines()).toEqual(['opened', 'checkpoint with memory']);
	},
);
