// A ledger restored from a backup is another table: its generation tells, without anybody having to say so.
import { expect, test } from 'vitest';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { localOptions } from './local-store.ts';

test('it stays the same for one table, and is another’s for none', async () => {
	const [one, other] = [await localOptions(), await localOptions()];
	const generation = await tableGeneration(one.client, one.ledgerTable);
	expect(generation.length).toBeGreaterThan(8);
	expect(await tableGeneration(one.client, one.ledgerTable)).toBe(generation);
	expect(await tableGeneration(other.client, other.ledgerTable)).not.toBe(generation);
});

test('a table that is not there is told as such', async () => {
	const { client } = await localOptions();
	await expect(tableGeneration(client, 'nowhere')).rejects.toThrow(LedgerUnavailable);
});
