/** What stands in the archive as it should is asked about once a day, and put by nobody again. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { memoryArchive, memoryGeneration } from '../../adapters/memory/archive.ts';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import type { Archive } from '../../core/audit/archive-ports.ts';
import { archiveHandler } from '../../functions/archive/handler.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

test('woken every minute of two days: one put an entry, and a get of each a day', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')]));
	const entries = desk.state.chains.get(RUN)?.length ?? 0;
	const objects = memoryArchive();
	const asked = { put: 0, get: 0 };
	const counted: Archive = {
		...objects,
		put: (name, text) => {
			asked.put += 1;
			return objects.put(name, text);
		},
		get: (name) => {
			asked.get += 1;
			return objects.get(name);
		},
	};
	let minute = 0;
	const handler = archiveHandler({
		archive: counted,
		findings: memoryAudit().findings,
		generation: memoryGeneration('first', { state: desk.state, confirmed: new Set(['first']) }),
		ledger: desk.operator.store.ledger,
		runs: { list: async ({ after = '' }) => [RUN].filter((run) => run > after) },
		moved: memoryMoved(),
		closed: { tell: async () => {} },
		bookmark: memoryBookmark(),
		record: z.never(),
		changeOf: (none) => none,
		log: () => {},
		say: () => {},
		now: () => minute * MINUTE_MS,
	}) as unknown as (event: unknown, context: unknown) => Promise<unknown>;
	const context = { functionName: 'archive', getRemainingTimeInMillis: () => 600_000 };
	await handler({}, context);
	expect(asked.put).toBe(entries);
	asked.get = 0;
	for (minute = 1; minute < 2 * DAY_MINUTES; minute += 1) await handler({}, context);
	expect(asked).toEqual({ put: entries, get: entries });
});
