/**
 * What every list of what has moved, and every bookmark, must do, whatever is underneath.
 * @see core/audit/rounds.ts for the promises
 */
import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import type { Bookmark, Moved } from '../../core/audit/rounds.ts';

export type RoundsStore = {
	readonly moved: Moved;
	/** The same list, as another process has it. */
	readonly movedElsewhere: Moved;
	readonly bookmark: (whose: string) => Bookmark;
};
export type OpenRounds = () => Promise<RoundsStore>;

const [early, late] = ['2026-11-23T09', '2026-11-23T10'];

export async function onceAnHour({ moved, movedElsewhere }: RoundsStore): Promise<void> {
	await Promise.all([...Array.from({ length: 8 }, () => moved.note('run-2', late)), movedElsewhere.note('run-2', late)]);
	await moved.note('run-1', late);
	await movedElsewhere.note('@agent:clerk', early);
	assert.deepEqual(await movedElsewhere.hours({ limit: 9 }), [early, late]);
	assert.deepEqual(await movedElsewhere.during(late, { limit: 9 }), ['run-1', 'run-2'], 'each once, in order');
	assert.deepEqual(await moved.during(early, { limit: 9 }), ['@agent:clerk']);
	assert.deepEqual(await moved.during('2026-11-23T11', { limit: 9 }), []);
	assert.deepEqual([await moved.isNoted('run-1', late), await moved.isNoted('run-1', early)], [true, false]);
}

export async function pageByPage({ moved }: RoundsStore): Promise<void> {
	const names = Array.from({ length: 7 }, (_, index) => `run-${index}`);
	for (const name of names.toReversed()) await moved.note(name, late);
	const seen: string[] = [];
	for (let after = ''; ; after = seen.at(-1) ?? '') {
		const page = await moved.during(late, { after, limit: 3 });
		seen.push(...page);
		assert.ok(seen.length <= names.length, 'a page came twice');
		if (page.length < 3) break;
	}
	assert.deepEqual(seen, names);
	assert.deepEqual(await moved.hours({ after: late, limit: 3 }), []);
	assert.deepEqual(await moved.hours({ after: '', limit: 3 }), [late]);
}

export async function theNewestCounts({ bookmark }: RoundsStore): Promise<void> {
	assert.equal(await bookmark('archive').read(), undefined);
	for (let count = 0; count < 12; count += 1) {
		// Each in a process of its own.
		const mine = bookmark('archive');
		await mine.read();
		await mine.put(`position ${count}`);
	}
	assert.equal(await bookmark('archive').read(), 'position 11');
	assert.equal(await bookmark('somebody-else').read(), undefined);
	const one = bookmark('archive');
	await one.read();
	for (const text of ['a', 'b']) await one.put(text);
	assert.equal(await bookmark('archive').read(), 'b');
}

export function roundsContract({ name, open }: { name: string; open: OpenRounds }): void {
	describe(`${name}: rounds`, () => {
		test('what moved stands once an hour, whoever notes it', async () => onceAnHour(await open()));
		test('lists go on behind any page', async () => pageByPage(await open()));
		test('of a bookmark the newest counts, for any process', async () => theNewestCounts(await open()));
	});
}
