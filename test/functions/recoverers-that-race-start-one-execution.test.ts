/** Two recoverers read the same epoch: one appends the next, the other starts that one too, and only one execution exists. */
import { expect, test } from 'vitest';
import type { Store } from '../../core/ledger/read.ts';
import { decide } from '../../functions/decide/decide.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** Holds the first two readings of `resume` until both have been answered. */
const together =
	(bothAreHere: () => Promise<void>) =>
	(store: Store, name: string): Store => {
		if (name !== 'resume') return store;
		const { generation, read, append } = store.ledger;
		const latest: Store['ledger']['latest'] = async (chain, limit) => {
			const entries = await store.ledger.latest(chain, limit);
			if (!chain.startsWith('@')) await bothAreHere();
			return entries;
		};
		return { ...store, ledger: { generation, read, append, latest } };
	};

function gateForTwo(): () => Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	let arrived = 0;
	return () => {
		arrived += 1;
		if (arrived === 2) resolve();
		return promise;
	};
}

const executionsOf = (desk: Installation) => desk.executions.filter(({ machine }) => machine === 'agent-run');
const oneMore = (desk: Installation, before: number) => expect(executionsOf(desk)).toHaveLength(before + 1);

async function interrupted() {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside), store: together(gateForTwo()) });
	await desk.run(plans([call('letter.send')], [call('file.read')]));
	await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: null, note: 'yes' } }, desk.operator);
	return desk;
}

test('one epoch more, one execution more', async () => {
	const desk = await interrupted();
	const before = executionsOf(desk).length;
	await Promise.all([desk.recover(), desk.recover()]);
	expect(desk.lines().filter((line) => line.startsWith('resumed'))).toEqual(['resumed 1: answer']);
	expect(desk.executions.filter(({ machine }) => machine === 'recover').map(({ end }) => end)).toEqual(['succeeded', 'succeeded']);
	oneMore(desk, before);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('control: executions under names of their own are two, and the check sees it', async () => {
	const desk = await interrupted();
	const before = executionsOf(desk).length;
	const input = { run: RUN, agent: 'clerk', epoch: 0, hint: 0 };
	for (const name of ['mine', 'yours']) {
		const started = desk.start('agent-run', { name, run: RUN, input });
		if (started.is === 'started') desk.watch('agent-run', RUN, started.ended);
	}
	await desk.settled(RUN);
	expect(() => oneMore(desk, before)).toThrow();
});
