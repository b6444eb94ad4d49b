// The lock is let go while it is waited for, by a timer of this very process: waiting lets other work go on.
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { claimOf, entryAt } from './samples.ts';
import { emptyDirectory } from './sqlite-directory.ts';

const HELD_MS = 40;

test.each([{}, { claim: claimOf('k') }])('an append together with %o lands once the lock is free', async (together) => {
	const directory = emptyDirectory();
	const { ledger } = directory.open({ waitMs: 10_000 });
	const other = new DatabaseSync(directory.file('ledger.db'));
	other.exec('BEGIN IMMEDIATE');
	setTimeout(() => other.exec('COMMIT'), HELD_MS);
	expect(await ledger.append(entryAt(0), together)).toEqual({ is: 'appended' });
	other.close();
});

test('control: one that waits less long than that is told so', async () => {
	const directory = emptyDirectory();
	const { ledger } = directory.open({ waitMs: 1 });
	const other = new DatabaseSync(directory.file('ledger.db'));
	other.exec('BEGIN IMMEDIATE');
	expect(await ledger.append(entryAt(0))).toMatchObject({ is: 'unknown' });
	other.close();
});
