/** L1, L2: batches split, repeated, reordered, lost and broken either way; what is archived is what was appended, and what is changed is found. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { memoryArchive, memoryGeneration } from '../../adapters/memory/archive.ts';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import type { Archive, TableChange } from '../../core/audit/archive-ports.ts';
import { chainFolder, entryIn } from '../../core/audit/archived.ts';
import { tamperedAt } from '../../core/audit/finding.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import { archive } from '../../functions/archive/archive.ts';
import { compare } from '../../functions/archive/compare.ts';
import { putBack } from '../../functions/archive/put-back.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const desk = install({ agent: clerk(outsideWorld(), { otherwise: { key: ({ what }) => what } }) });
await desk.run(plans([call('letter.send', 'order-7')], [call('file.read')]));
const entries = desk.state.chains.get(RUN) ?? [];
const [claim] = [...desk.state.claims.values()].flat();
if (!claim) throw new Error('the run has no claim');

const inserted = (entry: StoredEntry, sequenceNumber: string): TableChange => ({
	sequenceNumber,
	how: 'insert',
	item: { is: 'entry', entry },
});
const whole: TableChange[] = [
	...entries.map((entry, index) => inserted(entry, `${index}`)),
	{ sequenceNumber: 'c', how: 'insert', item: { is: 'claim', claim } },
];
function surroundings(objects = memoryArchive()) {
	const { findings, state } = memoryAudit();
	return {
		archive: objects,
		findings,
		log: () => {},
		told: () => [...state.findings.values()].map(({ kind, about, cause }) => `${kind} ${about} ${cause}`),
	};
}
async function archivedIn(from: Archive): Promise<(string | undefined)[]> {
	const names = await from.list(chainFolder(RUN), { limit: 1_000 });
	return Promise.all(names.map(async (name) => entryIn({ name, text: (await from.get(name)) ?? '' })?.body));
}

test('each entry is one object, a line that shows what it is and holds the bytes that were hashed', async () => {
	const around = surroundings();
	expect((await archive(whole, around)).counts).toEqual({ entries: entries.length, known: 0, claims: 1, findings: 0, failed: 0 });
	expect(await archivedIn(around.archive)).toEqual(entries.map(({ body }) => body));
	const line = around.archive.objects.get(`entries/chain=${RUN}/000000000.json`) ?? '';
	expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true);
	expect(JSON.parse(line)).toMatchObject({ run: RUN, place: 0, kind: 'opened', agent: 'clerk' });
	expect(around.told()).toEqual([]);
});

property.prop([fc.array(fc.nat(whole.length - 1), { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 8 })])(
	'in any order, as often as may be, with puts broken either way: the same objects, and nothing is found',
	async (order, broken) => {
		const objects = memoryArchive();
		let puts = 0;
		const faulty: Archive = {
			...objects,
			put: async (name, text) => {
				puts += 1;
				if (!broken.includes(puts)) return objects.put(name, text);
				if (puts % 2 === 0) await objects.put(name, text);
				throw new Error('the answer was lost');
			},
		};
		const around = { ...surroundings(), archive: faulty };
		let left = [...order.map((index) => whole[index]), ...whole].filter((change) => change !== undefined);
		for (let delivery = 0; left.length > 0 && delivery <= broken.length; delivery += 1) {
			const { failed } = await archive(left, around);
			left = failed === undefined ? [] : left.slice(left.findIndex(({ sequenceNumber }) => sequenceNumber === failed));
		}
		expect(await archivedIn(objects)).toEqual(entries.map(({ body }) => body));
		expect(around.told()).toEqual([]);
	},
);

const edited = (entry: StoredEntry): StoredEntry => ({ ...entry, body: entry.body.replace('"at":', '"at":1') });
const third = entries[3] ?? entries[0];
if (!third) throw new Error('the run is too short');
/** It follows another entry than the one before it, and nothing follows it. */
const forged: StoredEntry = { ...third, body: third.body.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${'e'.repeat(64)}"`) };
const withForged = whole.map((change, index) => (index === 3 ? inserted(forged, '3') : change));
const tampered: Record<string, TableChange[]> = {
	replaced: [...whole, { sequenceNumber: 'x', how: 'changed', about: RUN, place: 3, what: 'run#run-1 000000003', body: '{}' }],
	removed: [...whole, { sequenceNumber: 'x', how: 'removed', about: RUN, place: 3, what: 'run#run-1 000000003', body: '{}' }],
	'removed, and another put in its place': [...whole, inserted(edited(third), 'x')],
	'put with another link, in order': whole.map((change, index) => (index === 3 ? inserted(edited(third), '3') : change)),
	'put with no link to either side, in order': withForged,
	'put with another link, last': [...whole.filter((_, index) => index !== 3), inserted(edited(third), '3')],
};
test.each(Object.entries(tampered))('an entry %s is one finding, at its place, however often it comes', async (_, changes) => {
	const around = surroundings();
	await archive(changes, around);
	await archive(changes, around);
	expect(around.told()).toEqual([`tampered-entry ${RUN} ${tamperedAt(3)}`]);
});

property.prop([fc.array(fc.nat(whole.length - 1), { maxLength: 40 })])(
	'a forged entry that links to neither side is one finding, at its place, in whatever order the entries come',
	async (order) => {
		const around = surroundings();
		await archive([...order.flatMap((index) => withForged[index] ?? []), ...withForged], around);
		expect(around.told()).toEqual([`tampered-entry ${RUN} ${tamperedAt(3)}`]);
	},
);

test('at the end of a chain the archive charges nobody: whoever was told of a head can say which of two was forged', async () => {
	const around = surroundings();
	await archive(withForged.slice(0, 4), around);
	expect(around.told()).toEqual([]);
	await archive(withForged.slice(4, 5), around);
	expect(around.told()).toEqual([`tampered-entry ${RUN} ${tamperedAt(3)}`]);
});

test('what is put into the ledger and is nothing of ours is a finding', async () => {
	const around = surroundings();
	await archive([{ sequenceNumber: 'x', how: 'foreign', about: '@record', place: null, what: 'run#../x 1', body: null }], around);
	expect(around.told()).toEqual(['tampered-entry @record item run#../x 1']);
});

test('a name that is cut in the midst of a pair is a finding too, and stops no stream', async () => {
	const around = surroundings();
	const what = `key#letter.send#${'\u{1F600}'.repeat(60)}`.slice(0, 119);
	expect(what.isWellFormed()).toBe(false);
	const changes: TableChange[] = [{ sequenceNumber: 'x', how: 'removed', about: '@record', place: null, what, body: null }, ...whole];
	expect(await archive(changes, around)).toMatchObject({ failed: undefined, counts: { findings: 1, entries: entries.length } });
	expect(around.told()).toEqual([`tampered-entry @record item ${what.toWellFormed()}`]);
});

test('what the stream never brought is archived from the table; what only the archive has is a finding', async () => {
	const around = surroundings();
	await archive(whole.slice(0, 2), around);
	expect(await compare(RUN, { ...around, ledger: desk.operator.store.ledger })).toMatchObject({
		entries: entries.length - 2,
		known: 2,
		findings: 0,
	});
	expect(await archivedIn(around.archive)).toEqual(entries.map(({ body }) => body));
	const cut = {
		...desk.operator.store.ledger,
		read: async (_: string, { from }: { from: number }) => entries.slice(0, -2).filter(({ place }) => place >= from),
	};
	await compare(RUN, { ...around, ledger: cut });
	expect(around.told().sort()).toEqual(
		[entries.length - 2, entries.length - 1].map((place) => `tampered-entry ${RUN} ${tamperedAt(place)}`).sort(),
	);
});

/** A table restored to the moment after its second entry, without the claim. */
function restored() {
	const state = { ...structuredClone(desk.state), chains: new Map([[RUN, entries.slice(0, 2)]]), claims: new Map() };
	return { state, generation: memoryGeneration('second', { state, confirmed: new Set(['first']) }) };
}

test('a restored table gets its tail and its claims back before it is confirmed, however often that is cut off', async () => {
	const around = surroundings();
	await archive(whole, around);
	for (let crash = 0; crash < whole.length; crash += 1) {
		const { state, generation } = restored();
		let calls = 0;
		const dying = {
			...generation,
			putBack: async (item: Parameters<typeof generation.putBack>[0]) =>
				calls++ < crash ? generation.putBack(item) : Promise.reject(new Error('killed')),
		};
		await putBack({ ...around, generation: dying, remainingMs: () => 600_000, from: {} }).catch(() => {});
		if (crash < whole.length - 1) expect(await generation.isConfirmed()).toBe(false);
		expect((await putBack({ ...around, generation, remainingMs: () => 600_000, from: {} })).is).toMatch(/^confirmed/);
		expect(state.chains.get(RUN)).toEqual(entries);
		expect([...state.claims.values()].flat()).toEqual([claim]);
		expect(await putBack({ ...around, generation, remainingMs: () => 600_000, from: {} })).toEqual({ is: 'confirmed-before' });
	}
	expect(around.told()).toEqual([]);
});

test('a new table is confirmed with nothing to put back', async () => {
	const generation = memoryGeneration('first', { state: structuredClone(desk.state), confirmed: new Set() });
	expect(await putBack({ ...surroundings(), generation, remainingMs: () => 600_000, from: {} })).toEqual({ is: 'confirmed', putBack: 0 });
});

test('where something else stands, it is not confirmed, and a person is told', async () => {
	const around = surroundings();
	await archive(whole, around);
	const { state, generation } = restored();
	state.chains.set(RUN, [...entries.slice(0, 2), { ...(entries[2] ?? third), body: '{}' }]);
	expect(await putBack({ ...around, generation, remainingMs: () => 600_000, from: {} })).toEqual({ is: 'in-the-way', items: 1 });
	expect(await generation.isConfirmed()).toBe(false);
	expect(around.told()).toEqual([`tampered-entry ${RUN} ${tamperedAt(2)}`]);
});

test('without time it goes on where it was', async () => {
	const around = surroundings();
	await archive(whole, around);
	const { generation } = restored();
	expect(await putBack({ ...around, generation, remainingMs: () => 1, from: {} })).toEqual({ is: 'going-on', putBack: 0 });
	expect(await generation.isConfirmed()).toBe(false);
});
