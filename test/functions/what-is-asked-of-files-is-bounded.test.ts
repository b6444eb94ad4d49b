/** A2: one query a run, whoever's clocks wrote it; what does not fit into it is not taken for read. */
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { askedFor, type Stretch } from '../../core/audit/coverage.ts';
import { epochMs } from '../../core/ids.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Coverage, Ledger } from '../../core/ports.ts';
import { filesSaid } from '../../functions/reconcile/files-said.ts';
import { readHour } from '../contract/coverage-contract.ts';
import { RUN } from '../doubles/driver.ts';
import { auditOf, filesOf, livedRun, objectsIn } from './run-with-files.ts';

const lived = await livedRun();
const { ledger } = lived.desk.operator.store;
const at = (some: readonly StoredEntry[]): number[] => some.map(({ body }) => JSON.parse(body).at);

test('a run is one query, of the hours around it and two days after', async () => {
	const { audit, backfill } = auditOf(lived);
	await backfill(objectsIn(filesOf(lived)));
	audit.counts.reset();
	const said = await filesSaid(RUN, { ledger, coverage: audit.coverage });
	expect(audit.counts.calls).toEqual({ 'coverage.ending': 1 });
	const [first = 0] = at(await ledger.read(RUN, { from: 0, limit: 1 }));
	const [last = 0] = at(await ledger.latest(RUN, 1));
	expect(said?.asked).toEqual(askedFor({ fromMs: first, toMs: last }));
	expect(said?.stretches).toHaveLength(4);
});

test('one that was closed by a clock behind the one that opened it is asked about all the same', async () => {
	const turned: Ledger = {
		...ledger,
		read: async (run) => ledger.latest(run, 1),
		latest: async (run) => ledger.read(run, { from: 0, limit: 1 }),
	};
	const { coverage } = memoryAudit();
	expect((await filesSaid(RUN, { ledger: turned, coverage }))?.asked).toEqual((await filesSaid(RUN, { ledger, coverage }))?.asked);
});

test('what has no ledger has no time to ask about', async () => {
	expect(await filesSaid('no-such-run', { ledger, coverage: memoryAudit().coverage })).toBeUndefined();
});

test('more than one query brings: what is known ends with it', async () => {
	const limits: number[] = [];
	const many: Coverage = {
		put: async () => 'kept',
		ending: async (_, limit) => {
			limits.push(limit);
			return Array.from({ length: limit }, (__, hour): Stretch => readHour(hour + 1));
		},
	};
	const said = await filesSaid(RUN, { ledger, coverage: many });
	expect(limits).toEqual([5_000]);
	expect(said?.asked.toMs).toBe(said?.stretches.at(-1)?.fromMs);
	expect(said?.asked.toMs).toBeLessThan(epochMs.parse(lived.openedAt));
});
