/** A1: the archive tells of a run that was closed, and it is reconciled once its delay is over: not before, not by another's function, and never only that way. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { memoryArchive, memoryGeneration } from '../../adapters/memory/archive.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import type { TableChange } from '../../core/audit/archive-ports.ts';
import { type ClosedRun, hourOf } from '../../core/audit/rounds.ts';
import { archiveHandler } from '../../functions/archive/handler.ts';
import { RUN } from '../doubles/driver.ts';
import { DELAY_MS, installed } from './reconciling.ts';

type Batch = { batchItemFailures: { itemIdentifier: string }[] };

async function archiving({ queueFails = false } = {}) {
	const base = await installed();
	const entries = base.desk.state.chains.get(RUN) ?? [];
	const told: ClosedRun[] = [];
	const moved = memoryMoved();
	const handler = archiveHandler({
		archive: memoryArchive(),
		findings: base.audit.findings,
		generation: memoryGeneration('first', { state: base.desk.state, confirmed: new Set(['first']) }),
		ledger: base.desk.operator.store.ledger,
		runs: { list: async () => [] },
		moved,
		closed: {
			tell: async (closed) => {
				if (queueFails) throw new Error('no such queue');
				told.push(closed);
			},
		},
		bookmark: memoryBookmark(),
		record: z.custom<TableChange>(),
		changeOf: (change) => change,
		log: () => {},
		say: () => {},
		now: base.now,
	});
	const deliver = (Records: readonly TableChange[]) =>
		handler({ Records } as never, { getRemainingTimeInMillis: () => 600_000 } as never) as unknown as Promise<Batch>;
	const changes = entries.map((entry, index): TableChange => ({ sequenceNumber: `${index}`, how: 'insert', item: { is: 'entry', entry } }));
	return { ...base, archiveMoved: moved, told, deliver, changes };
}
const messageOf = (body: unknown, messageId = 'm-1') => ({
	Records: [{ messageId, body: typeof body === 'string' ? body : JSON.stringify(body) }],
});

test('told by whose run it is and when it was closed, and for each delivery again', async () => {
	const { deliver, changes, told, archiveMoved, now } = await archiving();
	expect(await deliver(changes.slice(0, -1))).toEqual({ batchItemFailures: [] });
	expect(told).toEqual([]);
	await deliver(changes.slice(-1));
	await deliver(changes.slice(-1));
	expect(told).toEqual(Array.from({ length: 2 }, () => ({ agent: 'clerk', run: RUN, closedAt: expect.any(Number) })));
	expect(told[0]?.closedAt).toBeLessThanOrEqual(now());
	expect(await archiveMoved.during(hourOf(now()), { limit: 9 })).toEqual([RUN]);
});

test('a queue that takes nothing keeps no entry from being archived', async () => {
	const { deliver, changes } = await archiving({ queueFails: true });
	expect(await deliver(changes)).toEqual({ batchItemFailures: [] });
});

test('an end that came before its beginning is told nobody: a round finds it', async () => {
	const { deliver, changes, told, archiveMoved, now } = await archiving();
	await deliver(changes.slice(-1));
	expect(told).toEqual([]);
	expect(await archiveMoved.isNoted(RUN, hourOf(now()))).toBe(true);
});

test('left in the queue until the delay is over, then reconciled; twice does no harm', async () => {
	const { restarted, wait, now, lines } = await installed();
	const ask = restarted() as unknown as (event: object) => Promise<Batch>;
	const message = messageOf({ run: RUN, closedAt: now() });
	expect(await ask(message)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
	expect(lines.at(-1)).toMatchObject({ reconciled: 0, early: 1, unfinished: 0 });
	wait(DELAY_MS);
	for (let time = 0; time < 2; time += 1) {
		expect(await ask(message)).toEqual({ batchItemFailures: [] });
		expect(lines.at(-1)).toMatchObject({ reconciled: 1, early: 0, unfinished: 0 });
	}
});

test('item by item: what names no run, and what can not be read, stays; the others are done', async () => {
	const { restarted, desk, wait, now, lines } = await installed();
	const { ledger } = desk.operator.store;
	const latest: typeof ledger.latest = async (run, limit) => {
		if (run === 'a-damaged-run') throw new Error('damaged');
		return ledger.latest(run, limit);
	};
	const ask = restarted({ store: { ...desk.operator.store, ledger: { ...ledger, latest } } }) as unknown as (
		event: object,
	) => Promise<Batch>;
	const closedAt = now();
	wait(DELAY_MS);
	const Records = [
		messageOf('not JSON', 'torn'),
		messageOf({ run: '../x', closedAt }, 'hostile'),
		messageOf({ run: 'a-damaged-run', closedAt }, 'damaged'),
		messageOf({ run: RUN, closedAt }, 'good'),
	].flatMap(({ Records: one }) => one);
	expect((await ask({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['torn', 'hostile', 'damaged']);
	expect(lines.at(-1)).toMatchObject({ reconciled: 1, unread: 1, unfinished: 1 });
});

test('another agent’s run is let go of', async () => {
	const { restarted, wait, now, lines } = await installed({ agent: 'somebody-else' });
	const closedAt = now();
	wait(DELAY_MS);
	expect(await restarted()(messageOf({ run: RUN, closedAt }))).toEqual({ batchItemFailures: [] });
	expect(lines.at(-1)).toMatchObject({ reconciled: 0 });
});
