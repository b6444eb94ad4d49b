/**
 * What every store of witnesses and findings must do, whatever is underneath.
 * @see core/ports.ts for the promises, test/contract/audit-naive.test.ts for what the checks catch.
 */
import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { type Finding, findingOf } from '../../core/audit/finding.ts';
import type { Witness } from '../../core/audit/witness.ts';
import { epochMs } from '../../core/ids.ts';
import type { Findings, Witnesses } from '../../core/ports.ts';

export type AuditStore = { readonly witnesses: Witnesses; readonly findings: Findings };
export type OpenAudit = () => Promise<AuditStore>;

export const useOf = (
	eventID: string,
	{ about = 'run-1', atMs = 1_000, key = 'ASIAONE' as string | null, name = 'GetObject' } = {},
): Witness => ({
	v: 1,
	eventID,
	at: epochMs.parse(atMs),
	source: 's3.amazonaws.com',
	name,
	region: 'eu-west-1',
	account: '111122223333',
	readOnly: true,
	error: null,
	about,
	copy: 'stream',
	kind: 'use',
	session: {
		accessKeyId: key,
		role: 'agent_tool-access',
		kind: 'access',
		sessionName: 'run-1.1.1',
		sourceIdentity: about,
		invokedBy: null,
	},
	resources: [],
	request: {},
	cut: false,
});
export const findingAt = (place: number, about = 'run-1'): Finding =>
	findingOf({ kind: 'tampered-entry', about, cause: `place ${place}`, why: 'an entry was changed', restsOn: 'ledger' });

/** Each once, by whoever and however often; and what was kept first stands. */
export async function onceEach({ witnesses }: AuditStore): Promise<void> {
	const first = useOf('event-0001');
	const ends = await Promise.all(Array.from({ length: 8 }, () => witnesses.put(first)));
	assert.equal(ends.filter((end) => end === 'kept').length, 1, 'one event was kept more than once, or never');
	assert.ok(ends.every((end) => end === 'kept' || end === 'known'));
	assert.deepEqual(await witnesses.put({ ...first, name: 'PutObject' }), { differs: first });
	assert.deepEqual(await witnesses.put({ ...first, about: 'run-2', at: epochMs.parse(5) }), { differs: first });
	assert.deepEqual(await witnesses.about('run-1', { limit: 10 }), [first]);
	assert.deepEqual(await witnesses.about('run-2', { limit: 10 }), []);
}

export async function inOrder({ witnesses }: AuditStore): Promise<void> {
	const [late, early, tied] = [
		useOf('event-aaaa', { atMs: 2_000 }),
		useOf('event-zzzz', { atMs: 999 }),
		useOf('event-bbbb', { atMs: 2_000 }),
	];
	for (const witness of [tied, late, early]) await witnesses.put(witness);
	assert.deepEqual(await witnesses.about('run-1', { limit: 10 }), [early, late, tied]);
	assert.deepEqual(await witnesses.about('run-1', { limit: 1 }), [early]);
	assert.deepEqual(await witnesses.about('run-1', { after: early, limit: 1 }), [late]);
	assert.deepEqual(await witnesses.about('run-1', { after: tied, limit: 1 }), []);
}

export async function raisedOnce({ findings }: AuditStore): Promise<void> {
	const ends = await Promise.all(Array.from({ length: 8 }, () => findings.raise(findingAt(3))));
	assert.equal(ends.filter((end) => end === 'raised').length, 1, 'one finding was raised more than once, or never');
	assert.equal(await findings.raise({ ...findingAt(3), why: 'said otherwise' }), 'known');
	assert.deepEqual(await findings.list({ limit: 10 }), [findingAt(3)]);
}

export function auditContract({ name, open }: { name: string; open: OpenAudit }): void {
	describe(name, () => {
		test('an event is kept once, and its first copy stands', async () => onceEach(await open()));
		test('witnesses come in order, page by page', async () => inOrder(await open()));
		test('a finding is raised once', async () => raisedOnce(await open()));

		test('a copy from the files of what the stream brought is known', async () => {
			const { witnesses } = await open();
			const witness = useOf('event-0001');
			await witnesses.put(witness);
			expect(await witnesses.put({ ...witness, copy: 'files' })).toBe('known');
			expect(await witnesses.about('run-1', { limit: 2 })).toEqual([witness]);
		});

		test('a session has its calls, whatever they are about', async () => {
			const { witnesses } = await open();
			const own = [useOf('event-0001'), useOf('event-0002', { about: 'run-2', atMs: 1_001 })];
			for (const witness of [...own, useOf('event-0003', { key: 'ASIAOTHER' }), useOf('event-0004', { key: null })])
				await witnesses.put(witness);
			expect(await witnesses.ofSession('ASIAONE', { limit: 10 })).toEqual(own);
			expect(await witnesses.ofSession('ASIAONE', { after: useOf('event-0001'), limit: 10 })).toEqual(own.slice(1));
			expect(await witnesses.ofSession('ASIA', { limit: 10 })).toEqual([]);
		});

		test('what witnesses are about is listed, each once', async () => {
			const { witnesses } = await open();
			expect(await witnesses.subjects({ limit: 5 })).toEqual([]);
			for (const [index, about] of ['run-2', 'run-1', '@trail', 'run-1'].entries())
				await witnesses.put(useOf(`event-000${index}`, { about }));
			expect(await witnesses.subjects({ limit: 5 })).toEqual(['@trail', 'run-1', 'run-2']);
			expect(await witnesses.subjects({ after: '@trail', limit: 1 })).toEqual(['run-1']);
		});

		test('a session of none is of none', async () => {
			const { witnesses } = await open();
			const { session: _, ...touched } = useOf('event-0001') as Extract<Witness, { kind: 'use' }>;
			const change: Witness = { ...touched, kind: 'record', place: 3, by: null };
			expect(await witnesses.put(change)).toBe('kept');
			expect(await witnesses.about('run-1', { limit: 10 })).toEqual([change]);
		});

		test('findings of one run, and of all, in order of their ids', async () => {
			const { findings } = await open();
			const all = [findingAt(1), findingAt(2), findingAt(1, '@record')].sort((one, other) => (one.id < other.id ? -1 : 1));
			for (const finding of all) expect(await findings.raise(finding)).toBe('raised');
			expect(await findings.list({ limit: 10 })).toEqual(all);
			expect(await findings.list({ about: '@record', limit: 10 })).toEqual([findingAt(1, '@record')]);
			expect(await findings.list({ after: all[0]?.id ?? '', limit: 1 })).toEqual(all.slice(1, 2));
			expect(await findings.list({ about: 'nothing', limit: 1 })).toEqual([]);
		});
	});
}
