// L3: every pair of a state and a move that is not listed here is illegal.
import { expect, test } from 'vitest';
import { foldLine } from '../doubles/ledger-builder.ts';
import { moves, states } from './transitions.ts';

const everywhere = Object.keys(states);
const everywhereBut = (...names: readonly string[]): string[] => everywhere.filter((name) => !names.includes(name));

const ended = ['done', 'failed', 'denied', 'done, dropped', 'contradicted', 'contradicted, dropped'];
const stopped = ['stopped, lookup cut', 'stopped, transaction cut', 'stopped, approval held'];
const frozen = ['frozen, lookup cut', 'frozen, transaction cut'];
const granted = [
	...['read cut', 'transaction cut', 'replay cut', 'replay cut twice', 'lookup cut', 'lookup asked', 'manual cut', 'manual held'],
	...['frozen, lookup cut', 'frozen, transaction cut', 'taken up, manual cut', 'taken up, transaction cut', ...stopped],
];
const transactions = ['transaction cut', 'frozen, transaction cut', 'stopped, transaction cut', 'taken up, transaction cut'];
const undecided = ['planned', 'outside, planned'];
/** What a tool may still say of an attempt, now or long after. */
const spokenOf = [...granted, 'lookup absent', 'done', 'failed', 'done, dropped', 'contradicted', 'contradicted, dropped'];

const legal: Readonly<Record<string, readonly string[]>> = {
	'opened again': [],
	resumed: everywhereBut('finished'),
	'resumed, an epoch left out': [],
	intent: ['opened', ...ended, 'outside, planned'],
	'intent of no calls, refused': ['opened', ...ended, 'outside, planned'],
	'intent refused, with calls': [],
	'intent planned too early': [],
	'intent of a number left out': [],

	// S2: only what the target refuses twice, or what changes nothing, is granted over an open attempt.
	'allow, next attempt': [
		...[...undecided, 'approved', 'lookup absent'],
		...['read cut', 'transaction cut', 'replay cut', 'replay cut twice', 'taken up, transaction cut'],
	],
	'allow, an attempt left out': [],
	'allow, an attempt again': [],
	'allow without a grant': [],
	'allow of another effect': undecided,
	'allow with a claim': [...undecided, 'approved'],
	// Where there was no older epoch, it is the present one.
	'allow by an older epoch': [
		...[...undecided, 'approved', 'lookup absent'],
		...['read cut', 'transaction cut', 'replay cut', 'replay cut twice'],
	],
	'allow by a later epoch': [],
	'allow of a lookup': ['replay cut', 'replay cut twice', 'lookup cut', 'lookup asked', 'stopped, lookup cut', 'stopped, approval held'],
	'allow of a lookup, of attempt 9': [],
	'allow of a lookup, of nothing': [],
	'allow of a lookup, as an attempt': [],
	'allow of a lookup without a grant': [],
	'allow of a lookup with a claim': [],
	'allow of a lookup with a hold': [],
	'allow with a hold': [],

	// A denial never stands over an open attempt.
	deny: [...undecided, 'lookup absent', 'approval held', 'approved', 'refused'],
	'deny with a grant': [],
	'deny with an attempt': [],
	'deny with a claim': [],
	'deny with a hold': [],
	'deny with a question': [],
	'hold for approval': [
		...[...undecided, 'read cut', 'transaction cut', 'replay cut', 'replay cut twice', 'lookup cut', 'lookup asked', 'lookup absent'],
		...['manual cut', 'manual held', 'approved', ...frozen, 'taken up, manual cut', 'taken up, transaction cut'],
	],
	// S4: what cannot be known is a person's; a read or an uncommitted transaction never is.
	'hold for doubt': [
		...['replay cut', 'replay cut twice', 'lookup cut', 'lookup asked', 'manual cut'],
		...['frozen, lookup cut', 'stopped, lookup cut', 'stopped, approval held', 'taken up, manual cut'],
	],
	'hold with a grant': [],
	'hold with an attempt': [],
	'hold with a claim': [],
	'hold with a question': [],
	'hold for nothing': [],

	'approval, approved': ['approval held'],
	'approval, refused': ['approval held'],
	'approval of something else': [],

	'done by tool': spokenOf.filter((name) => !transactions.includes(name)),
	'failed by tool': spokenOf,
	// What a dropped step was is for a whole reading to check: verifyRun does.
	'done by tool, misjudged': ['done, dropped', 'contradicted, dropped'],
	'failed by tool, misjudged': ['done, dropped', 'contradicted, dropped'],
	'done by tool of attempt 9': ['done, dropped', 'contradicted, dropped'],
	'done by tool of a later epoch': [],
	'done by target': ['lookup asked', 'lookup absent'],
	'failed by target': ['lookup asked', 'lookup absent'],
	'done by guard': ['transaction cut', 'taken up, transaction cut'],
	'done by guard, no commit': [],
	'done by guard, older epoch': ['transaction cut'],
	'failed by guard': ['read cut', ...transactions],
	'failed by guard, frozen': granted,
	'done by person': ['manual held'],
	'failed by person': ['manual held'],
	'stands, done': ['contradicted', 'contradicted, dropped'],
	'stands, failed': ['contradicted', 'contradicted, dropped'],
	'stands, by a tool': [],

	checkpoint: everywhere,
	'checkpoint with memory': everywhere,
	'checkpoint of another state': [],
	'checkpoint of what comes': [],
	frozen: everywhereBut(...frozen),
	thawed: frozen,
	'closed, finished': ['opened', ...ended],
	'closed, exhausted': ['opened', ...ended],
	'closed, stopped': everywhereBut('finished', ...stopped),
};

test('L3 the table speaks of every move', () => {
	expect(Object.keys(legal).sort()).toEqual(Object.keys(moves).sort());
});

test.for(Object.entries(moves))('L3 %s is legal where the table lists it', ([name, move]) => {
	const found = everywhere.filter((state) => {
		const golden = states[state];
		return golden !== undefined && foldLine(golden, move).is === 'legal';
	});
	expect(found).toEqual(everywhere.filter((state) => legal[name]?.includes(state)));
});
