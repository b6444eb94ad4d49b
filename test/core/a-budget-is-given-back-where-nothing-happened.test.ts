// Budgets live in the ledger: what a step takes is counted from its first attempt, and given back once it is known to have had no effect.
import { expect, test } from 'vitest';
import {
	absent,
	checkpoint,
	closed,
	denied,
	done,
	failed,
	type Golden,
	granted,
	held,
	intent,
	lookedUp,
	personSays,
	resumed,
	stands,
	tellOn,
	told,
} from '../doubles/ledger-builder.ts';

const spent = (golden: Golden): number => golden.state.spend;
const one = told(intent('a.tool'), granted(1, 'lookup', { spend: 30 }));

test('it is taken once a step, however many attempts there are', () => {
	expect(spent(one)).toBe(30);
	expect(spent(tellOn(one, resumed(), checkpoint(), lookedUp(1), absent(1), granted(1, 'lookup', { spend: 30 })))).toBe(30);
});

test('it stays taken when done, or in doubt', () => {
	expect(spent(tellOn(one, done(1), checkpoint(), resumed()))).toBe(30);
	expect(spent(tellOn(one, held(1, 'doubt')))).toBe(30);
});

test.for([
	['when the tool says so', [failed(1)]],
	['when a person says so', [held(1, 'doubt'), personSays(1, 'failed')]],
	['when it is denied afterwards', [lookedUp(1), absent(1), denied(1)]],
	['when the run is stopped afterwards', [lookedUp(1), absent(1), closed('stopped')]],
	['when it turns out so after a stop', [closed('stopped'), lookedUp(1), absent(1)]],
] as const)('it is given back %s', ([, lines]) => {
	expect(spent(tellOn(one, ...lines))).toBe(0);
});

test('it follows a person’s word on a contradiction', () => {
	const undone = tellOn(one, failed(1), done(1));
	expect(spent(undone)).toBe(0);
	expect(spent(tellOn(undone, stands(1, 'done')))).toBe(30);
	expect(spent(tellOn(undone, stands(1, 'failed')))).toBe(0);
	const done1 = tellOn(one, done(1), failed(1));
	expect(spent(tellOn(done1, stands(1, 'done')))).toBe(30);
	expect(spent(tellOn(done1, stands(1, 'failed')))).toBe(0);
});
