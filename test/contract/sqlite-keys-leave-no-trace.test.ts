import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Directory, emptyDirectory } from './sqlite-directory.ts';

const filesWith = (directory: Directory, bytes: Uint8Array) =>
	readdirSync(directory.path).filter((name) => readFileSync(directory.file(name)).includes(Buffer.from(bytes)));

test('a destroyed key is in no file any more, while the store is still open', async () => {
	const directory = emptyDirectory();
	const { keys } = directory.open();
	const made = new Map<string, Uint8Array>();
	for (let number = 0; number < 300; number += 1) {
		const run = `run-${number}`;
		made.set(run, await keys.create(run, randomBytes(32)));
	}
	for (const [run, key] of made) {
		if (run.endsWith('7')) {
			await keys.destroy(run);
			expect(filesWith(directory, key), run).toEqual([]);
		} else {
			expect(filesWith(directory, key), run).toEqual(['keys.db']);
		}
	}
});

test('nobody else on the machine reads the files', async () => {
	const directory = emptyDirectory();
	const store = directory.open();
	await store.ledger.append({ chain: 'run-1', place: 0, body: '{}' });
	await store.payloads.put('p', Uint8Array.of(1));
	const modes = readdirSync(directory.path).map((name) => [name, (statSync(directory.file(name)).mode & 0o777).toString(8)]);
	expect(Object.fromEntries(modes)).toEqual({
		'keys.db': '600',
		'ledger.db': '600',
		'ledger.db-shm': '600',
		'ledger.db-wal': '600',
		'payloads.db': '600',
		'payloads.db-shm': '600',
		'payloads.db-wal': '600',
	});
});
