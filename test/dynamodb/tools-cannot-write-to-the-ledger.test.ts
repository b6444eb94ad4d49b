import { expect, test } from 'vitest';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { entryAt } from '../contract/samples.ts';
import { localOptions } from './local-store.ts';

test('a name that nobody declared has no table behind it, not even the real name of one', async () => {
	const options = await localOptions();
	const { ledger, tables } = dynamoStore(options);
	for (const table of ['unknown', options.ledgerTable, options.keysTable, options.tables.orders ?? '', '__proto__', 'constructor']) {
		const writes = [{ table, key: 'run#run-1', put: { body: '{}' } }];
		await expect(ledger.append(entryAt(0), { writes })).rejects.toThrow(`no table is declared as ${table}`);
		await expect(tables.get(table, 'k')).rejects.toThrow('no table is declared');
	}
	expect(await ledger.latest('run-1', 1)).toEqual([]);
});

test('a map that leads to the ledger or to the keys is refused, by whatever name', async () => {
	const options = await localOptions();
	for (const table of [options.ledgerTable, options.keysTable]) {
		expect(() => dynamoStore({ ...options, tables: { orders: table } })).toThrow('which tools may not write to');
		const arn = `arn:aws:dynamodb:eu-central-1:111122223333:table/${table}`;
		expect(() => dynamoStore({ ...options, tables: { orders: arn } })).toThrow("use the table's name, not its ARN");
	}
});
