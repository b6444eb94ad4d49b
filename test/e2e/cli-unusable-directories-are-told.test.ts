/** A directory that is not there, is damaged or holds a damaged run: said in words, and no other run pays for it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { asked } from './command.ts';
import { type Errands, errands, look, task } from './errand-desk.ts';

async function ran(run: string, { agent, directory, environment }: Errands) {
	const { code, json } = await asked(['run', agent, '--input', '-', '--run', run, '--dir', directory], {
		environment,
		stdin: task([look('tea')]),
	});
	return { code, json };
}

test('none there', async () => {
	const { directory, file } = await errands();
	expect(await asked(['list', '--dir', directory])).toMatchObject({
		code: 6,
		json: { error: { name: 'DirectoryNotFound', message: expect.stringContaining('holds no runs; start one with: throughline run') } },
	});
	expect(await asked(['status', 'one', '--dir', file('a-file', '')])).toMatchObject({ code: 6 });
});

test('in the way of one: a file, or a marker of something else', async () => {
	const errand = await errands();
	const taken = { ...errand, directory: errand.file('a-file', 'x') };
	expect(await ran('one', taken)).toMatchObject({
		code: 1,
		json: { error: { name: 'DirectoryUnusable', message: expect.stringMatching(/choose another with --dir$/) } },
	});
	mkdirSync(errand.directory);
	writeFileSync(join(errand.directory, 'throughline.json'), '{}');
	expect(await ran('one', errand)).toMatchObject({
		code: 1,
		json: { error: { name: 'DirectoryUnusable', message: expect.stringContaining('is damaged') } },
	});
});

test('a ledger that was removed, or is no database', async () => {
	const errand = await errands();
	expect((await ran('one', errand)).code).toBe(0);
	for (const side of ['', '-wal', '-shm']) rmSync(join(errand.directory, `ledger.db${side}`), { force: true });
	const status = () => asked(['status', 'one', '--dir', errand.directory]);
	expect(await status()).toMatchObject({ code: 1, json: { error: { name: 'LedgerUnavailable' } } });
	writeFileSync(join(errand.directory, 'ledger.db'), 'x'.repeat(20_000));
	expect(await status()).toMatchObject({ code: 1, json: { error: { name: 'LedgerUnavailable' } } });
	expect((await ran('two', errand)).code).toBe(1);
});

test('one damaged run among others', async () => {
	const errand = await errands();
	expect((await ran('one', errand)).code).toBe(0);
	const ledger = new DatabaseSync(join(errand.directory, 'ledger.db'));
	ledger.exec(`UPDATE entries SET body = replace(body, '"epoch":0', '"epoch":7') WHERE chain = 'one'`);
	ledger.close();
	expect(await ran('two', errand)).toMatchObject({ code: 0, json: { runs: [{ run: 'two', status: 'finished' }] } });
	const broken = {
		code: 1,
		json: { error: { name: 'LedgerBroken', message: expect.stringContaining('the ledger of run one is damaged') } },
	};
	expect(await asked(['status', 'one', '--dir', errand.directory])).toMatchObject(broken);
	expect(await ran('one', errand)).toMatchObject(broken);
	expect(await asked(['list', '--dir', errand.directory])).toMatchObject({ code: 1, json: { runs: [{ run: 'two' }], damaged: ['one'] } });
	// After damage people freeze, and the damage is not to keep them from it.
	for (const side of ['', '-wal', '-shm']) rmSync(join(errand.directory, `hosts.db${side}`), { force: true });
	const freeze = (agent: string) => asked(['freeze', '--agent', agent, '--reason', 'damage', '--dir', errand.directory]);
	expect(await freeze('errand-desk')).toMatchObject({ code: 0 });
	expect(await freeze('errand-dusk')).toMatchObject({ code: 6, json: { error: { name: 'AgentNotFound' } } });
});

test('a run whose first entry was taken out is still in the list, and damaged', async () => {
	const errand = await errands();
	expect((await ran('one', errand)).code).toBe(0);
	const ledger = new DatabaseSync(join(errand.directory, 'ledger.db'));
	ledger.exec("DELETE FROM entries WHERE chain = 'one' AND place = 0");
	ledger.close();
	expect((await asked(['list', '--dir', errand.directory])).json).toMatchObject({ runs: [{ run: 'one' }] });
	const error = { name: 'LedgerBroken', message: expect.stringContaining('the ledger of run one is damaged at place 0') };
	expect(await asked(['status', 'one', '--dir', errand.directory])).toMatchObject({ code: 1, json: { error } });
});

test('a marker that is gone, with a ledger beside it', async () => {
	const errand = await errands();
	expect((await ran('one', errand)).code).toBe(0);
	const marker = join(errand.directory, 'throughline.json');
	const written = readFileSync(marker, 'utf8');
	rmSync(marker);
	expect(await asked(['list', '--dir', errand.directory])).toMatchObject({ code: 0, json: { runs: [{ run: 'one' }] } });
	expect(readFileSync(marker, 'utf8')).toBe(written);
});

test.for([
	['hosts.db', /hosts\.db can't be used: .*when no throughline is at work here, delete it; agents in folders/],
	['issuer.key', /issuer\.key holds no key of this issuer: put it back from a backup, or delete it/],
] as const)('%s overwritten: told what it was for, and without it work goes on', async ([name, message]) => {
	const errand = await errands();
	expect((await ran('one', errand)).code).toBe(0);
	const path = join(errand.directory, name);
	writeFileSync(path, 'x'.repeat(5_000));
	expect(await ran('two', errand)).toMatchObject({
		code: 1,
		json: { error: { name: 'DirectoryUnusable', message: expect.stringMatching(message) } },
	});
	rmSync(path);
	expect(await ran('two', errand)).toMatchObject({ code: 0, json: { runs: [{ run: 'two', status: 'finished', used: null }] } });
});

test('a ledger.db that is another program’s is left as it is', async () => {
	const { directory } = await errands();
	mkdirSync(directory);
	const path = join(directory, 'ledger.db');
	const theirs = new DatabaseSync(path);
	theirs.exec('CREATE TABLE accounts (id TEXT)');
	theirs.close();
	const before = readFileSync(path);
	expect(await asked(['list', '--dir', directory])).toMatchObject({ code: 6, json: { error: { name: 'DirectoryNotFound' } } });
	expect(readdirSync(directory)).toEqual(['ledger.db']);
	expect(readFileSync(path).equals(before)).toBe(true);
});
