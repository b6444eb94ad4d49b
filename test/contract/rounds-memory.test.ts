import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { onceAnHour, pageByPage, type RoundsStore, roundsContract, theNewestCounts } from './rounds-contract.ts';

async function open(): Promise<RoundsStore> {
	const [noted, positions] = [new Map<string, Set<string>>(), new Map<string, string[]>()];
	return {
		moved: memoryMoved(noted),
		movedElsewhere: memoryMoved(noted),
		bookmark: (whose) => memoryBookmark(positions.get(whose) ?? positions.set(whose, []).get(whose)),
	};
}
roundsContract({ name: 'memory', open });

/** Each is what somebody might build first. */
test('control: a list of this process alone, one without pages, and a bookmark that is the first are caught', async () => {
	const store = await open();
	await expect(onceAnHour({ ...store, movedElsewhere: memoryMoved() })).rejects.toThrow(assert.AssertionError);
	const another = await open();
	const endless = { ...another.moved, during: async (hour: string) => another.moved.during(hour, { limit: 3 }) };
	await expect(pageByPage({ ...another, moved: endless })).rejects.toThrow(assert.AssertionError);
	const first: string[] = [];
	const stuck = { read: async () => first[0], put: async (text: string) => void first.push(text) };
	await expect(theNewestCounts({ ...store, bookmark: () => stuck })).rejects.toThrow(assert.AssertionError);
});
