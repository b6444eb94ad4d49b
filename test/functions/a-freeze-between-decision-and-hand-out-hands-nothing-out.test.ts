/** I1: after its append the guard looks once more; frozen by then, it hands nothing out, and the attempt is ended unused. */
import { expect, test } from 'vitest';
import type { Store } from '../../core/ledger/read.ts';
import { freezeChain } from '../../functions/freeze/freeze.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

const GUARD = 'clerk_letter_send__guard';
const task = plans([call('letter.send')]);

/** Somebody freezes `chain` right after the decision has been written, and before its writer knows. */
const freezing =
	(chain: string) =>
	(store: Store, name: string): Store => {
		if (name !== GUARD) return store;
		const append: Store['ledger']['append'] = async (entry, together) => {
			const answer = await store.ledger.append(entry, together);
			if (entry.body.includes('"verdict":"allow"')) await freezeChain(chain, { is: 'freeze', by: BY, reason: 'stop' }, store);
			return answer;
		};
		return { ...store, ledger: portWith(store.ledger, { append }) };
	};

/** A guard that believes what it read of the control chains before it decided. */
const believing = (store: Store): Store => {
	const read = new Map<string, ReturnType<Store['ledger']['latest']>>();
	const latest: Store['ledger']['latest'] = (chain, limit) => {
		const known = read.get(chain) ?? store.ledger.latest(chain, limit);
		if (chain.startsWith('@')) read.set(chain, known);
		return known;
	};
	return { ...store, ledger: portWith(store.ledger, { latest }) };
};

const portWith = (ledger: Store['ledger'], instead: Partial<Store['ledger']>): Store['ledger'] => ({
	generation: ledger.generation,
	read: ledger.read,
	latest: ledger.latest,
	append: ledger.append,
	...instead,
});

function nothingHandedOut(desk: Installation, outside: Outside): void {
	expect(desk.handedOut).toEqual([]);
	expect(outside.arrived).toEqual([]);
}

test.for(['@all', '@agent:clerk'])('%s', async (chain) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside), store: freezing(chain) });
	await desk.run(task);
	nothingHandedOut(desk, outside);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'failed 1.1 by guard: frozen']);
});

test('thawed, the step goes on with its next attempt, though its tool is manual: nothing can have happened', async () => {
	const outside = outsideWorld();
	const freeze = freezing('@all');
	let armed = true;
	const desk = install({ agent: clerk(outside), store: (store, name) => (armed ? freeze(store, name) : store), readers: 'cold' });
	await desk.run(task);
	armed = false;
	await freezeChain('@all', { is: 'thaw', by: BY, reason: 'go on' }, desk.operator.store);
	await desk.recover();
	expect(desk.lines().slice(4)).toEqual(['resumed 1: answer', 'granted 1.2', 'done 1.2 by tool', 'closed: finished']);
	expect(outside.effects).toHaveLength(1);
});

test('the guard ends between the decision and the withdrawal: the attempt is in doubt, not handed out', async () => {
	const outside = outsideWorld();
	let appends = 0;
	const desk = install({
		agent: clerk(outside),
		store: freezing('@all'),
		fault: ({ at, function: name }) => {
			if (at !== 'ledger.append' || name !== GUARD) return undefined;
			appends += 1;
			// The decision, the freeze, the withdrawal.
			return appends === 3 ? 'crash-before' : undefined;
		},
	});
	await desk.run(task);
	nothingHandedOut(desk, outside);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1']);
	await freezeChain('@all', { is: 'thaw', by: BY, reason: 'go on' }, desk.operator.store);
	await desk.recover();
	expect(desk.lines().slice(3)).toEqual(['resumed 1: answer', 'held 1: doubt']);
});

test('control: a guard that does not look again hands out, and the check sees it', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside), store: (store, name) => freezing('@all')(believing(store), name) });
	await desk.run(task);
	expect(() => nothingHandedOut(desk, outside)).toThrow();
});

test('a control chain that cannot be read is an error to retry, never a decision', async () => {
	const outside = outsideWorld();
	let reads = 0;
	const desk = install({
		agent: clerk(outside),
		fault: ({ at, function: name }) => {
			if (at !== 'ledger.latest' || name !== GUARD) return undefined;
			reads += 1;
			return reads === 1 ? 'unavailable' : undefined;
		},
	});
	await desk.run(task);
	expect(desk.invocations.map(({ error }) => error?.name)).toContain('LedgerUnavailable');
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
});

test('a lookup is not handed out either; thawed, the target is asked anew', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	let frozen = false;
	const desk: Installation = install({
		agent: clerk(outside),
		store: (store) => {
			const append: Store['ledger']['append'] = async (entry, together) => {
				const answer = await store.ledger.append(entry, together);
				if (entry.body.includes('"asks"') && !frozen) {
					frozen = true;
					await freezeChain('@agent:clerk', { is: 'freeze', by: BY, reason: 'stop' }, store);
				}
				return answer;
			};
			return { ...store, ledger: portWith(store.ledger, { append }) };
		},
	});
	await desk.run(plans([call('parcel.send')]));
	expect(desk.handedOut.map(({ is }) => is)).toEqual(['granted']);
	await freezeChain('@agent:clerk', { is: 'thaw', by: BY, reason: 'go on' }, desk.operator.store);
	await desk.recover();
	expect(desk.lines().slice(3)).toEqual([
		'asked about 1.1',
		'resumed 1: answer',
		'asked about 1.1',
		'done 1.1 by target',
		'closed: finished',
	]);
});
