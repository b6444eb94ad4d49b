import { expect, onTestFinished, test } from 'vitest';
import { openSqliteAudit } from '../../adapters/sqlite/audit.ts';
import { auditContract, useOf } from './audit-contract.ts';
import { generation } from './open-store.ts';
import { emptyDirectory } from './sqlite-directory.ts';

const opened = (directory: string) => {
	const audit = openSqliteAudit({ directory, generation });
	onTestFinished(() => audit.close());
	return audit;
};

auditContract({ name: 'sqlite', open: async () => opened(emptyDirectory().path) });

test('two processes that have the file open keep one witness', async () => {
	const { path } = emptyDirectory();
	const [one, other] = [opened(path), opened(path)];
	expect(await one.witnesses.put(useOf('event-0001'))).toBe('kept');
	expect(await other.witnesses.put(useOf('event-0001'))).toBe('known');
	expect(await other.witnesses.about('run-1', { limit: 1 })).toEqual([useOf('event-0001')]);
});

test('a witness that is not of its shape is no witness', async () => {
	const { path, file } = emptyDirectory();
	const { witnesses } = opened(path);
	await witnesses.put(useOf('event-0001'));
	const { DatabaseSync } = await import('node:sqlite');
	const raw = new DatabaseSync(file('audit.db'));
	raw.exec(`UPDATE witnesses SET body = '{"v":1}'`);
	raw.close();
	await expect(witnesses.about('run-1', { limit: 1 })).rejects.toThrow('a witness is not of the shape');
});

test('the witnesses of another ledger are not taken for this ones', async () => {
	const { path } = emptyDirectory();
	opened(path);
	expect(() => openSqliteAudit({ directory: path, generation: 'another' })).toThrow('generation');
});
