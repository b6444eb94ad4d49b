/** Of all steps of all runs, one at a time may act on a business key; the next may only when the one before had no effect. */
import { expect, test } from 'vitest';
import type { Store } from '../../core/ledger/read.ts';
import { decide } from '../../functions/decide/decide.ts';
import type { Happened } from '../../index.ts';
import { call, clerk, plans, scripted } from '../doubles/clerk.ts';
import { BY, type Installation, type InstallationOptions, install } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';

const task = plans([call('letter.send', 'order-7')]);
const keyed = (outside: Outside, told: Happened[] = [], more: Partial<InstallationOptions> = {}) =>
	install({
		agent: clerk(outside, {
			otherwise: { key: ({ what }) => what },
			planner: (situation) => {
				told.push(...situation.happened);
				return scripted(situation);
			},
		}),
		...more,
	});
const atMostOnce = (outside: Outside) => expect(outside.effects.length).toBeLessThanOrEqual(1);

test('a second run with the same key is denied, and told who holds it', async () => {
	const outside = outsideWorld();
	const told: Happened[] = [];
	const desk = keyed(outside, told);
	await desk.run(task, 'first');
	await desk.run(task, 'second');
	expect(desk.lines('first').slice(2)).toEqual(['granted 1.1', 'done 1.1 by tool', 'closed: finished']);
	expect(desk.lines('second').slice(2)).toEqual(['denied 1: claimed', 'closed: finished']);
	expect(told.at(-1)).toMatchObject({
		ended: 'denied',
		reason: 'letter.send on order-7 belongs to step 1 of run first, which has done it',
	});
	atMostOnce(outside);
});

test('the same key twice in one run, side by side: one acts', async () => {
	const outside = outsideWorld();
	const desk = keyed(outside);
	await desk.run(plans([call('letter.send', 'order-7'), call('letter.send', 'order-7')]));
	expect(desk.lines().filter((line) => line.startsWith('denied'))).toHaveLength(1);
	atMostOnce(outside);
});

test('two runs at one time: one acts', async () => {
	const outside = outsideWorld();
	const desk = keyed(outside);
	await Promise.all([desk.run(task, 'first'), desk.run(task, 'second')]);
	const ends = ['first', 'second'].map((run) => desk.lines(run)[2]).toSorted();
	expect(ends).toEqual(['denied 1: claimed', 'granted 1.1']);
	atMostOnce(outside);
});

test('another key, or another tool with the same key, is free', async () => {
	const outside = outsideWorld();
	const desk = keyed(outside);
	await desk.run(plans([call('letter.send', 'order-7'), call('letter.send', 'order-8'), call('parcel.send', 'order-7')]));
	expect(outside.effects).toHaveLength(3);
});

test('the holder failed: the next may claim', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'fails');
	const desk = keyed(outside);
	await desk.run(task, 'first');
	await desk.run(task, 'second');
	expect(desk.lines('first')).toContain('failed 1.1 by tool');
	expect(desk.lines('second')).toContain('done 1.1 by tool');
	expect([...desk.state.claims.values()].flat().map(({ n, run }) => [n, run])).toEqual([
		[1, 'first'],
		[2, 'second'],
	]);
	atMostOnce(outside);
});

test('the holder was denied after an attempt that had no effect: the next may claim', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-before');
	let permitted = true;
	const desk = keyed(outside, [], { policies: fakePolicies(() => (permitted ? 'allow' : 'deny')) });
	outside.meanwhile = () => {
		permitted = false;
	};
	await desk.run(plans([call('parcel.send', 'order-7')]), 'first');
	expect(desk.lines('first').slice(2)).toEqual([
		'granted 1.1',
		'asked about 1.1',
		'failed 1.1 by target',
		'denied 1: policy',
		'closed: finished',
	]);
	permitted = true;
	outside.meanwhile = () => {};
	await desk.run(plans([call('parcel.send', 'order-7')]), 'second');
	expect(desk.lines('second')).toContain('done 1.1 by tool');
	atMostOnce(outside);
});

test('the holder is in doubt: nobody else may, until a person says that it failed', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-before');
	const desk = keyed(outside);
	await desk.run(task, 'first');
	await desk.run(task, 'second');
	expect(desk.lines('second')).toContain('denied 1: claimed');
	await decide({ run: 'first', by: BY, answer: { is: 'failed', step: 1, note: 'it never left' } }, desk.operator);
	await desk.run(task, 'third');
	expect(desk.lines('third')).toContain('done 1.1 by tool');
	atMostOnce(outside);
});

test('an attempt that the target says failed still holds its key: its step will try again', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-before', 'goes-well');
	const parcel = plans([call('parcel.send', 'order-7')]);
	let second: Promise<unknown> | undefined;
	const desk: Installation = keyed(outside, [], {
		door: async (request, ask) => {
			const between = request.ask === 'act' && request.run === 'first' && desk.lines('first').includes('failed 1.1 by target');
			if (between && !second) {
				second = desk.run(parcel, 'second');
				await second;
			}
			return ask(request);
		},
	});
	await desk.run(parcel, 'first');
	expect(desk.lines('first').slice(3)).toEqual([
		'asked about 1.1',
		'failed 1.1 by target',
		'granted 1.2',
		'done 1.2 by tool',
		'closed: finished',
	]);
	expect(desk.lines('second')).toContain('denied 1: claimed');
	atMostOnce(outside);
});

test('a holder whose step has long been dropped from its state is still found', async () => {
	const outside = outsideWorld();
	const desk = keyed(outside);
	const many = Array.from({ length: 40 }, (_, index) => [call('file.read', `file ${index}`)]);
	await desk.run(plans([call('letter.send', 'order-7')], ...many), 'first');
	expect(desk.lines('first')).toContain('checkpoint');
	await desk.run(task, 'second');
	expect(desk.lines('second')).toContain('denied 1: claimed');
});

test('control: guards without claims both act, and the check sees it', async () => {
	const outside = outsideWorld();
	const desk = keyed(outside, [], { store: withoutClaims });
	await desk.run(task, 'first');
	await desk.run(task, 'second');
	expect(() => atMostOnce(outside)).toThrow();
});

function withoutClaims(store: Store): Store {
	const { generation, read, latest } = store.ledger;
	const append: Store['ledger']['append'] = (entry, { claim: _claim, ...rest } = {}) => store.ledger.append(entry, rest);
	return { ...store, ledger: { generation, read, latest, append }, claims: { latest: async () => undefined } };
}
