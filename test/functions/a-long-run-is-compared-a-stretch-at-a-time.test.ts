/** L1: a run whose comparing takes longer than an invocation is compared from where the last one stopped, and no finding is lost. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { memoryArchive, memoryGeneration } from '../../adapters/memory/archive.ts';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { chainFolder } from '../../core/audit/archived.ts';
import { compare } from '../../functions/archive/compare.ts';
import { archiveHandler } from '../../functions/archive/handler.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const desk = install({ agent: clerk(outsideWorld()) });
await desk.run(plans(...Array.from({ length: 40 }, () => [call('file.read')])));
const entries = desk.state.chains.get(RUN) ?? [];
const { ledger } = desk.operator.store;
const hurried = () => 1_000;

test('one page a reading, to the end; what only the archive has is found in whichever stretch it lies', async () => {
	expect(entries.length).toBeGreaterThan(100);
	const { findings, state } = memoryAudit();
	const around = { archive: memoryArchive(), findings, log: () => {}, ledger };
	const stretches = [];
	for (let from: number | undefined = 0; from !== undefined; ) {
		const { entries: lacked, next } = await compare(RUN, around, { from, remainingMs: hurried });
		stretches.push(lacked);
		from = next;
	}
	expect(stretches.length).toBeGreaterThan(2);
	expect(stretches.reduce((sum, lacked) => sum + lacked, 0)).toBe(entries.length);
	expect(await around.archive.list(chainFolder(RUN), { limit: 1_000 })).toHaveLength(entries.length);
	expect(state.findings.size).toBe(0);

	const gone = [10, 70];
	// A table answers full pages, whatever was taken out of it.
	const left = entries.filter(({ place }) => !gone.includes(place));
	const read: typeof ledger.read = async (_, { from, limit }) => left.filter(({ place }) => place >= from).slice(0, limit);
	for (let from: number | undefined = 0; from !== undefined; ) {
		const { next } = await compare(RUN, { ...around, ledger: { ...ledger, read } }, { from, remainingMs: hurried });
		from = next;
	}
	expect([...state.findings.values()].map(({ cause }) => cause).sort()).toEqual(['place 10', 'place 70']);
});

test('by schedule: each invocation goes on where the one before it had no more time', async () => {
	const lines: { compared?: number; lacked?: number }[] = [];
	const handler = archiveHandler({
		archive: memoryArchive(),
		findings: memoryAudit().findings,
		generation: memoryGeneration('first', { state: desk.state, confirmed: new Set(['first']) }),
		ledger,
		runs: { list: async ({ after = '' }) => [RUN].filter((run) => run > after) },
		moved: memoryMoved(),
		closed: { tell: async () => {} },
		bookmark: memoryBookmark(),
		record: z.never(),
		changeOf: (none) => none,
		log: () => {},
		say: (line) => void lines.push(JSON.parse(line)),
		now: () => 0,
	}) as unknown as (event: unknown, context: unknown) => Promise<unknown>;
	for (let time = 0; time < 10 && !lines.some(({ compared }) => compared === 1); time += 1) {
		let asked = 0;
		await handler({}, { functionName: 'archive', getRemainingTimeInMillis: () => (asked++ === 0 ? 600_000 : 1_000) });
	}
	const compared = lines.filter((line) => line.compared !== undefined);
	expect(compared.at(-1)).toMatchObject({ compared: 1 });
	expect(compared.length).toBeGreaterThan(2);
	expect(compared.reduce((sum, { lacked = 0 }) => sum + lacked, 0)).toBe(entries.length);
});
