/** L2: a table that is new, or was restored from a backup, is refused by whatever Lambda loads until the archive has put back what it lacks. */
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { dynamoGeneration } from '../../adapters/dynamodb/generations.ts';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { changeOf } from '../../adapters/dynamodb/stream.ts';
import { memoryArchive } from '../../adapters/memory/archive.ts';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { archive } from '../../functions/archive/archive.ts';
import { compare } from '../../functions/archive/compare.ts';
import { putBack } from '../../functions/archive/put-back.ts';
import { claimOf, entryAt } from '../contract/samples.ts';
import { localOptions } from './local-store.ts';

let options: Awaited<ReturnType<typeof localOptions>>;
beforeEach(async () => {
	options = await localOptions();
	const variables = {
		AWS_REGION: 'eu-central-1',
		AWS_ACCESS_KEY_ID: 'local',
		AWS_SECRET_ACCESS_KEY: 'local',
		AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
	};
	for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

async function opened(): Promise<unknown> {
	const { ledgerOf } = await import('../../functions/lambda/surroundings.ts');
	return ledgerOf({
		THROUGHLINE_LEDGER_TABLE: options.ledgerTable,
		THROUGHLINE_KEYS_TABLE: options.keysTable,
		THROUGHLINE_PAYLOAD_BUCKET: 'payloads',
	});
}
const life = async () =>
	dynamoGeneration({ client: options.client, table: options.ledgerTable, id: await tableGeneration(options.client, options.ledgerTable) });

test('refused; put back to the byte, claims too; confirmed; opened', async () => {
	const around = { archive: memoryArchive(), ...memoryAudit(), log: () => {} };
	// The table as it was: three entries and a claim, which its archive has seen.
	const before = await localOptions();
	const old = dynamoStore(before).ledger;
	for (const place of [0, 1, 2]) await old.append(entryAt(place), place === 1 ? { claim: claimOf('k') } : {});
	await compare('run-1', { ...around, ledger: old });
	await archive([{ sequenceNumber: '1', how: 'insert', item: { is: 'claim', claim: claimOf('k') } }], around);

	// The table as the backup had it.
	const { ledger, claims } = dynamoStore(options);
	await ledger.append(entryAt(0));
	await expect(opened()).rejects.toThrow(/its archive has not confirmed it/);
	expect(await putBack({ ...around, generation: await life(), remainingMs: () => 600_000, from: {} })).toEqual({
		is: 'confirmed',
		putBack: 3,
	});
	expect(await ledger.read('run-1', { from: 0, limit: 9 })).toEqual([0, 1, 2].map((place) => entryAt(place)));
	expect(await claims.latest('refund', 'k')).toEqual(claimOf('k'));
	await expect(opened()).resolves.toBeDefined();
});

test('the mark of one table opens no other', async () => {
	const { client, ledgerTable: table } = options;
	await dynamoGeneration({ client, table, id: 'another' }).confirm();
	await expect(opened()).rejects.toThrow(/its archive has not confirmed it/);
});

test('where something else stands, nothing is confirmed', async () => {
	const around = { archive: memoryArchive(), ...memoryAudit(), log: () => {} };
	await archive([{ sequenceNumber: '1', how: 'insert', item: { is: 'entry', entry: entryAt(0) } }], around);
	await dynamoStore(options).ledger.append(entryAt(0, { writer: 'another' }));
	expect(await putBack({ ...around, generation: await life(), remainingMs: () => 600_000, from: {} })).toEqual({
		is: 'in-the-way',
		items: 1,
	});
	await expect(opened()).rejects.toThrow(/its archive has not confirmed it/);
});

test('the stream tells inserts of ours from everything else', () => {
	const keys = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
	const told = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', pk: string, sk: string, more: object = {}) =>
		changeOf({ eventName, dynamodb: { SequenceNumber: '1', Keys: keys(pk, sk), NewImage: { ...keys(pk, sk), ...more } } });
	expect(told('INSERT', 'run#run-1', '000000003', { body: { S: '{}' } })).toEqual({
		sequenceNumber: '1',
		how: 'insert',
		item: { is: 'entry', entry: { chain: 'run-1', place: 3, body: '{}' } },
	});
	expect(told('MODIFY', 'run#run-1', '000000003')).toMatchObject({ how: 'changed', about: 'run-1', place: 3 });
	expect(told('REMOVE', 'control#@all', '000000000')).toMatchObject({ how: 'removed', about: '@all', place: 0 });
	expect(told('INSERT', 'generation#x', '000000000')).toEqual({ sequenceNumber: '1', how: 'confirmed' });
	expect(told('MODIFY', 'generation#x', '000000000')).toMatchObject({ how: 'changed', about: '@record', place: null });
	for (const [pk, sk] of [
		['run#../x', '000000003'],
		['run#run-1', '3'],
		['run#@all', '000000000'],
		['other', 'x'],
		['key#refund#k', '000000001'],
	] as const)
		expect(told('INSERT', pk, sk, { body: { S: '{}' } })).toMatchObject({
			how: 'foreign',
			about: pk === 'run#run-1' ? 'run-1' : '@record',
		});
});
