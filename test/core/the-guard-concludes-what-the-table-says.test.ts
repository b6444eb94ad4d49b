// S2, S4, S5: what a crash means for each kind of tool, as docs/guide.md promises it.
import { describe, expect, test } from 'vitest';
import { EXPIRY_CUT_MS } from '../../core/bounds.ts';
import { type Effect, effects, epochMs } from '../../core/ids.ts';
import { judge } from '../../core/step/judge.ts';
import { after, closed, type Golden, granted, held, intent, resumed, tellOn, told, withdrawn } from '../doubles/ledger-builder.ts';
import { askedOf, canLookUp, KEY_MS, VISIBLE_MS } from './judging.ts';
import { MARGIN_MS, opinions } from './stories/story.ts';

type Row = Readonly<Record<Effect, string>>;
const all = (verdict: string): Row => ({ read: verdict, transaction: verdict, replay: verdict, lookup: verdict, manual: verdict });
type When = { opinion?: keyof typeof opinions; waited?: readonly number[]; afterMs?: number; epoch?: number; frozen?: boolean };

const planned = () => told(intent('a.tool'));
const cut = (effect: Effect) => told(intent('a.tool'), granted(1, effect), resumed());
const cutLongAgo = (effect: Effect) => told(intent('a.tool'), granted(1, effect), after(KEY_MS, resumed()));
const withdrawnOnce = (effect: Effect) => told(intent('a.tool'), granted(1, effect), withdrawn(1));
const stopped = (effect: Effect) => tellOn(cut(effect), closed('stopped'));

const rows: readonly [situation: string, ledger: (effect: Effect) => Golden, when: When, verdicts: Row][] = [
	['nothing was tried', planned, {}, all('grant 1')],
	['nothing was tried, a person must approve', planned, { opinion: 'ask' }, all('hold for approval')],
	['nothing was tried, it is denied', planned, { opinion: 'deny' }, all('deny')],
	['the only attempt was withdrawn', withdrawnOnce, {}, all('grant 2')],
	['the only attempt was withdrawn, it is denied now', withdrawnOnce, { opinion: 'deny' }, all('deny')],
	['cut off', cut, {}, { read: 'grant 2', transaction: 'grant 2', replay: 'grant 2', lookup: 'wait 15000', manual: 'wait 12000' }],
	[
		'cut off, the key’s time is over',
		cutLongAgo,
		{},
		{ read: 'grant 2', transaction: 'grant 2', replay: 'wait 15000', lookup: 'wait 15000', manual: 'wait 12000' },
	],
	[
		'cut off, a person must approve now',
		cut,
		{ opinion: 'ask' },
		{
			read: 'hold for approval',
			transaction: 'hold for approval',
			replay: 'hold for approval',
			lookup: 'wait 15000',
			manual: 'wait 12000',
		},
	],
	[
		'cut off, it is denied now',
		cut,
		{ opinion: 'deny' },
		{ read: 'end open', transaction: 'end open', replay: 'wait 15000', lookup: 'wait 15000', manual: 'wait 12000' },
	],
	[
		'cut off, waited for',
		cut,
		{ waited: [1] },
		{ read: 'act again', transaction: 'act again', replay: 'look up', lookup: 'look up', manual: 'hold for doubt' },
	],
	[
		'cut off, others were waited for',
		cut,
		{ waited: [7] },
		{ read: 'act again', transaction: 'act again', replay: 'wait 15000', lookup: 'wait 15000', manual: 'wait 12000' },
	],
	['settled while it was waited for', withdrawnOnce, { waited: [1] }, all('act again')],
	[
		'cut off, the run was stopped',
		stopped,
		{},
		{ read: 'end open', transaction: 'end open', replay: 'wait 15000', lookup: 'wait 15000', manual: 'wait 12000' },
	],
	[
		'cut off, stopped, waited for',
		stopped,
		{ waited: [1] },
		{ read: 'act again', transaction: 'act again', replay: 'look up', lookup: 'look up', manual: 'hold for doubt' },
	],
	['cut off, everything is frozen', cut, { frozen: true }, all('held: frozen')],
	['cut off, asked by the epoch before', cut, { epoch: 0 }, all('fenced')],
	['cut off, asked by an epoch that never was', cut, { epoch: 7 }, all('fenced')],
];

/** Table notation of a verdict. */
function noted(
	golden: Golden,
	effect: Effect,
	{ opinion = 'allow', waited, afterMs = 1_000, epoch = golden.state.epoch, frozen = false }: When,
): string {
	const phase = waited ? ({ is: 'settle', waitedFor: waited } as const) : ({ is: 'act' } as const);
	const verdict = judge(
		golden.state,
		askedOf({ effect, canLookUp: canLookUp(effect), afterMs, epoch, frozen, opinion: opinions[opinion], state: golden.state, phase }),
	);
	switch (verdict.is) {
		case 'grant':
			return `grant ${verdict.attempt}`;
		case 'hold':
			return `hold for ${verdict.for}`;
		case 'held':
			return `held: ${verdict.for}`;
		case 'in-doubt':
			return `wait ${verdict.waitMs}`;
		default:
			return verdict.is.replace('-', ' ');
	}
}

describe.for(rows)('%s', ([, ledger, when, verdicts]) => {
	test.for(effects)('%s', (effect) => {
		expect(noted(ledger(effect), effect, when)).toBe(verdicts[effect]);
	});
});

test('S2 a wait is the longest window that is open, a margin, and what the target may hide', () => {
	const golden = told(
		intent('a.tool'),
		granted(1, 'replay', { windowMs: 40_000 }),
		granted(1, 'replay', { windowMs: 5_000 }),
		after(KEY_MS, resumed()),
	);
	expect(noted(golden, 'replay', {})).toBe(`wait ${40_000 + MARGIN_MS + VISIBLE_MS}`);
});

test('S2 the key’s time is counted from the first attempt that may have arrived, to the millisecond', () => {
	// The new window, and for each of two clocks what it may be wrong by.
	const lastMs = KEY_MS - 10_000 - 2 * (MARGIN_MS + EXPIRY_CUT_MS);
	const golden = told(intent('a.tool'), granted(1, 'replay'));
	expect(noted(golden, 'replay', { afterMs: lastMs })).toBe('grant 2');
	expect(noted(golden, 'replay', { afterMs: lastMs + 1 })).toBe('wait 15000');
	const first = tellOn(golden, after(30_000, granted(1)));
	expect(noted(first, 'replay', { afterMs: lastMs - 30_000 })).toBe('grant 3');
	expect(noted(first, 'replay', { afterMs: lastMs - 30_000 + 1 })).toBe('wait 15000');
	// The first is known not to have happened: the second is the first that may have.
	const withdrawnFirst = tellOn(first, withdrawn(1, { attempts: [1] }));
	expect(noted(withdrawnFirst, 'replay', { afterMs: lastMs - 1_000 })).toBe('grant 3');
	expect(noted(withdrawnFirst, 'replay', { afterMs: lastMs - 1_000 + 1 })).toBe('wait 15000');
});

test('S4 an answer that a person owes is waited for, and nothing is asked of the policies', () => {
	const { state } = told(intent('a.tool'), held(1, 'approval', { effect: 'manual' }));
	const asked = askedOf({
		effect: 'manual',
		canLookUp: false,
		afterMs: 0,
		epoch: 0,
		frozen: false,
		opinion: opinions.allow,
		state,
		phase: { is: 'act' },
	});
	const opinion = () => {
		throw new Error('asked');
	};
	expect(judge(state, { ...asked, opinion, now: epochMs.parse(asked.now) })).toEqual({ is: 'held', for: 'approval' });
});
