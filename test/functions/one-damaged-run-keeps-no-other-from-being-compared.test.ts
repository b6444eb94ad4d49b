/** L1: by schedule, runs are compared with the archive one after another; whoever damages one hides no other. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { memoryArchive, memoryGeneration } from '../../adapters/memory/archive.ts';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { chainFolder } from '../../core/audit/archived.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { archiveHandler } from '../../functions/archive/handler.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const DAMAGED = 'a-damaged-run';

test('a run that can not be read is counted, and those behind it are compared', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')]));
	const { ledger } = desk.operator.store;
	const damaged = new LedgerUnavailable('an entry is not of the shape it was written with');
	const objects = memoryArchive();
	const lines: string[] = [];
	const handler = archiveHandler({
		archive: objects,
		findings: memoryAudit().findings,
		generation: memoryGeneration('first', { state: desk.state, confirmed: new Set(['first']) }),
		ledger: { ...ledger, read: async (run, at) => (run === DAMAGED ? Promise.reject(damaged) : ledger.read(run, at)) },
		runs: { list: async ({ after = '' }) => [DAMAGED, RUN].filter((run) => run > after) },
		moved: memoryMoved(),
		closed: { tell: async () => {} },
		bookmark: memoryBookmark(),
		record: z.never(),
		changeOf: (none) => none,
		log: () => {},
		say: (line) => void lines.push(line),
		now: () => 0,
	});
	const context = { functionName: 'archive', getRemainingTimeInMillis: () => 600_000 };
	await (handler as unknown as (event: unknown, context: unknown) => Promise<unknown>)({}, context);
	expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ compared: 1, uncompared: 1 });
	expect(await objects.list(chainFolder(RUN), { limit: 1_000 })).toHaveLength(desk.state.chains.get(RUN)?.length ?? -1);
});
