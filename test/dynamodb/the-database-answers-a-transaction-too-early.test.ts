/**
 * Control: DynamoDB Local answers a TransactWriteItems before SQLite has committed it. While somebody reads its file no
 * commit can happen, so an answer that comes all the same is too early; the check for lost writes catches it, and the
 * confirmation that the kill test relies on withholds it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import type { Ledger } from '../../core/ports.ts';
import { entryAt } from '../contract/samples.ts';
import { committed, databaseOnFiles } from './database-on-files.ts';
import { localOptions } from './local-store.ts';
import { proxiedStore } from './proxied-store.ts';
import { type ControlReport, reportPart } from './report.ts';
import { lostWrites } from './what-is-off.ts';
import { type Asked, witnessed } from './witness.ts';

const controls: ControlReport[] = [];
afterAll(() => reportPart('early-answers', { controls }));

const TRIES = 12;
/** Held open longer with every try: a commit that was slow to begin then gives up as well. */
const LONGER_MS = 500;

test('a transaction that was answered and never committed is found lost; confirmed, it is unknown', { timeout: 240_000 }, async () => {
	const { endpoint, file } = await databaseOnFiles();
	const options = await localOptions(['book', 'afterwards'], endpoint);
	const clean = dynamoStore(options);
	const early = await proxiedStore(options, { database: endpoint, retries: 'off' });
	const confirmed = await proxiedStore(options, { database: endpoint, retries: 'off', confirm: committed(options, 'afterwards') });
	const writesTo = (key: string) => [{ table: 'book', key, add: { posted: 1 } }];
	const writes = writesTo('b');
	/** Appends while somebody reads the file, and answers what was lost of it. */
	const whileRead = async (ledger: Ledger, chain: string, together?: { writes: typeof writes }, longerMs = 0) => {
		const asked: Asked[] = [];
		const database = file();
		database.exec('BEGIN');
		database.prepare('SELECT count(*) FROM dm').get();
		const answer = await witnessed(ledger, asked).append(entryAt(0, { chain }), together);
		await delay(longerMs);
		database.exec('COMMIT');
		database.close();
		return { is: answer.is, lost: await lostWrites({ asked, clean }) };
	};
	// What comes first takes longer, and a commit that waits long enough succeeds.
	expect((await early.store.ledger.append(entryAt(0, { chain: 'warm' }), { writes })).is).toBe('appended');

	expect(await whileRead(early.store.ledger, 'a-put')).toEqual({ is: 'unknown', lost: [] });
	expect(await whileRead(confirmed.store.ledger, 'confirmed', { writes: writesTo('c') })).toEqual({ is: 'unknown', lost: [] });
	// A commit that was slow to begin may still get through: then it is tried again.
	let tries = 1;
	let found = await whileRead(early.store.ledger, 'early-1', { writes });
	for (; found.lost.length === 0 && tries < TRIES; tries += 1)
		found = await whileRead(early.store.ledger, `early-${tries + 1}`, { writes }, tries * LONGER_MS);
	const { is, lost } = found;
	controls.push({
		name: 'a database that answers a transaction before it is committed',
		says: lost[0] ?? 'nothing',
		caught: lost.length > 0,
	});
	expect({ is, lost }).toEqual({ is: 'appended', lost: [`early-${tries}/0: was acknowledged and is not there`] });
	expect(await clean.tables.get('book', 'b')).toEqual({ posted: tries });
	await early.close();
	await confirmed.close();
});
