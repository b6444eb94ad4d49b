/** Several runs find at one moment that whoever held a business key has failed: the next claim is one, and so is the effect. */
import { expect, test } from 'vitest';
import type { Store } from '../../../core/ledger/read.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { install } from '../../doubles/driver.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';

const task = plans([call('letter.send', 'order-7')]);
const others = ['second', 'third', 'fourth'];

/** All of them have seen the same latest claim before any of them makes the next. */
function together(number: number): (store: Store) => Store {
	const { promise, resolve } = Promise.withResolvers<void>();
	let looked = 0;
	return (store) => ({
		...store,
		claims: {
			latest: async (tool, key) => {
				const claim = await store.claims.latest(tool, key);
				looked += claim?.n === 1 ? 1 : 0;
				if (looked >= number) resolve();
				if (claim?.n === 1) await promise;
				return claim;
			},
		},
	});
}

async function afterAFailure(
	change: (store: Store) => Store = (store) => store,
): Promise<{ outside: Outside; lines: string[]; claims: unknown[] }> {
	const outside = outsideWorld();
	outside.next('letter', 'fails');
	const meet = together(others.length);
	const desk = install({ agent: clerk(outside, { otherwise: { key: ({ what }) => what } }), store: (store) => change(meet(store)) });
	await desk.run(task, 'first');
	expect(desk.lines('first')).toContain('failed 1.1 by tool');
	await Promise.all(others.map((run) => desk.run(task, run)));
	const claims = [...desk.state.claims.values()].flat().map(({ n, run }) => [n, run]);
	return { outside, lines: others.map((run) => desk.lines(run)[2] ?? ''), claims };
}
const once = (outside: Outside) => expect(outside.effectsOf('letter')).toHaveLength(1);

test('one has it, the others are denied', async () => {
	const { outside, lines, claims } = await afterAFailure();
	expect(lines.toSorted()).toEqual(['denied 1: claimed', 'denied 1: claimed', 'granted 1.1']);
	expect(claims).toHaveLength(2);
	once(outside);
});

test('control: claims that are not conditional go to all, and the check sees it', async () => {
	const { outside } = await afterAFailure((store) => {
		const { generation, read, latest } = store.ledger;
		const append: Store['ledger']['append'] = (entry, { claim: _claim, ...rest } = {}) => store.ledger.append(entry, rest);
		return { ...store, ledger: { generation, read, latest, append }, claims: { latest: async () => undefined } };
	});
	expect(() => once(outside)).toThrow();
});
