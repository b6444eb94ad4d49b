// L2: whoever changes a stored byte, leaves an entry out, or moves one, is found by `verifyRun`, without any key.
// Cutting the tail is not: a shorter ledger is a whole ledger. Whoever has seen the head, as each grant's session tag
// has, finds that as well, and a changed last entry too.
import { expect, test } from 'vitest';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { begun, checkpoint, granted, held, intent, personSays, RUN, resumed, tellOn, told } from '../doubles/ledger-builder.ts';

const golden = told(
	intent('a.tool'),
	granted(1, 'manual'),
	resumed(),
	held(1, 'doubt'),
	personSays(1, 'done'),
	checkpoint(),
	intent('a.tool'),
);
const { stored } = golden;
const head = golden.state.head.hash;

type Check = (entries: readonly StoredEntry[]) => boolean;
/** Found by the entries alone. */
const found: Check = (entries) => verifyRun(RUN, entries).is === 'broken';
/** Found by whoever knows the head. */
const foundByHead: Check = (entries) => {
	const check = verifyRun(RUN, entries);
	return check.is === 'broken' || check.state.head.hash !== head;
};
/** The control: places in order, and each body an entry. */
const naive: Check = (entries) => entries.some((entry, place) => entry.place !== place || !entry.body.startsWith('{"'));

function* flips(): Generator<{ place: number; altered: StoredEntry[] }> {
	for (const [place, entry] of stored.entries()) {
		const bytes = Buffer.from(entry.body);
		for (let index = 0; index < bytes.length; index += 1) {
			const flipped = Buffer.from(bytes);
			flipped[index] = (bytes[index] ?? 0) ^ (1 << (index % 7));
			yield { place, altered: stored.with(place, { ...entry, body: flipped.toString('utf8') }) };
		}
	}
}

const last = stored.length - 1;
const moved = (from: number, to: number): StoredEntry[] => {
	const entry = stored[from];
	const rest = stored.filter((_, place) => place !== from);
	return entry ? rest.toSpliced(to, 0, entry) : rest;
};
const renumbered = (entries: readonly StoredEntry[]): StoredEntry[] => entries.map((entry, place) => ({ ...entry, place }));

test('it is whole as it was written', () => {
	expect(verifyRun(RUN, stored)).toMatchObject({ is: 'whole', state: { head: { hash: head } } });
});

test('L2 a flipped bit anywhere is found', () => {
	let [number, missed] = [0, 0];
	for (const { place, altered } of flips()) {
		number += 1;
		if (place < last) expect(found(altered), altered[place]?.body).toBe(true);
		else expect(foundByHead(altered), altered[place]?.body).toBe(true);
		if (!naive(altered)) missed += 1;
	}
	expect(number).toBeGreaterThan(3_000);
	// The control sees next to none of them.
	expect(missed).toBeGreaterThan(number * 0.9);
});

test.for([0, 1, 2, 3, 4, 5, 6])('L2 leaving out place %i is found', (place) => {
	const rest = stored.filter((_, other) => other !== place);
	expect(found(rest)).toBe(true);
	expect(found(renumbered(rest))).toBe(true);
	expect(naive(renumbered(rest))).toBe(false);
});

test('L2 a duplicate is found', () => {
	for (const [place, entry] of stored.entries()) {
		expect(found(stored.toSpliced(place, 0, entry))).toBe(true);
		expect(found(renumbered(stored.toSpliced(place, 0, entry)))).toBe(true);
	}
});

test('L2 two places that changed places are found', () => {
	for (let from = 0; from <= last; from += 1) {
		for (let to = 0; to <= last; to += 1) {
			if (from === to) continue;
			expect(found(moved(from, to))).toBe(true);
			expect(found(renumbered(moved(from, to)))).toBe(true);
		}
	}
});

test('L2 entries of another run are found', () => {
	const other = tellOn(begun({ driver: 'outside' }), intent('a.tool'), granted(1, 'manual'));
	expect(found([...stored.slice(0, 3), ...other.stored.slice(3)])).toBe(false);
	expect(found([...stored.slice(0, 2), ...other.stored.slice(2)])).toBe(true);
	expect(verifyRun('run-2', stored).is).toBe('broken');
});

test('cutting the tail is found by whoever knows the head, and by nobody else', () => {
	for (let length = 1; length < stored.length; length += 1) {
		expect(found(stored.slice(0, length))).toBe(false);
		expect(foundByHead(stored.slice(0, length))).toBe(true);
	}
	expect(verifyRun(RUN, [])).toMatchObject({ is: 'broken', why: 'there is no entry' });
});
