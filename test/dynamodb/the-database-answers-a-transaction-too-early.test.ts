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
	const commitIsOver = committed(options, 'afterwards');
	/** Appends while somebody reads the file, and answers what was lost of it once nothing of it can come any more. */
	const whileRead = async (ledger: Ledger, chain: string, together?: { writes: ReturnType<typeof writesTo> }, longerMs = 0) => {
		const asked: Asked[] = [];
		const database = file();
		database.exec('BEGIN');
		database.prepare('SELECT count(*) FROM dm').get();
		const answer = await witnessed(ledger, asked).append(entryAt(0, { chain }), together);
		await delay(longerMs);
		database.exec('COMMIT');
		database.close();
		await commitIsOver({ n: 0, target: 'TransactWriteItems', body: {} });
		return { is: answer.is, lost: await lostWrites({ asked, clean }) };
	};
	// What comes first takes longer, and a commit that waits long enough succeeds.
	expect((await early.store.ledger.append(entryAt(0, { chain: 'warm' }), { writes: writesTo('warm') })).is).toBe('appended');

	expect(await whileRead(early.store.ledger, 'a-put')).toEqual({ is: 'unknown', lost: [] });
	expect(await whileRead(confirmed.store.ledger, 'confirmed', { writes: writesTo('confirmed') })).toEqual({ is: 'unknown', lost: [] });
	let found = { is: 'nothing', lost: [] as readonly string[] };
	let chain = '';
	// A commit that was slow to begin may still get through: then it is tried again, and so is one that had no answer.
	for (let n = 1; found.lost.length === 0 && n <= TRIES; n += 1) {
		chain = `early-${n}`;
		found = await whileRead(early.store.ledger, chain, { writes: writesTo(chain) }, (n - 1) * LONGER_MS);
	}
	controls.push({
		name: 'a database that answers a transaction before it is committed',
		says: found.lost[0] ?? 'nothing',
		caught: found.lost.length > 0,
	});
	expect(found).toEqual({ is: 'appended', lost: [`${chain}/0: was acknowledged and is not there`] });
	// Of what was lost with it too.
	expect(await clean.tables.get('book', 'warm')).toEqual({ posted: 1 });
	expect(await clean.tables.get('book', chain)).toBeUndefined();
	await early.close();
	await confirmed.close();
});
