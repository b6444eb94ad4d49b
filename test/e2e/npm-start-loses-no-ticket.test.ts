/** `npm start` with more tickets than are driven at one time: those that were not opened before the kill are opened after it. And what it calls off. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { readJournal } from '../../agents/refund-desk/world/start.ts';
import { whatIsOff } from '../../local/demo/checks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'throughline-start-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const directory = join(scratch, 'demo');
const worldDirectory = join(directory, 'world');
const started = (...words: string[]) => spawnSync('npm', ['start', '--', ...words], { cwd: root, encoding: 'utf8' });

/** One refund, and nineteen that nothing is paid for. */
function manyTickets(): string[] {
	const tickets = z
		.array(z.looseObject({ id: z.string() }))
		.parse(JSON.parse(readFileSync(join(root, 'agents/refund-desk/tickets.json'), 'utf8')));
	const [refund, tooOld] = ['t-01-small-refund', 't-10-too-old'].map((id) => tickets.find((ticket) => ticket.id === id));
	const many = [refund, ...Array.from({ length: 19 }, (_, index) => ({ ...tooOld, id: `late-${index + 1}` }))];
	writeFileSync(join(scratch, 'many.json'), JSON.stringify(many));
	return many.map((ticket) => String(ticket?.id));
}

test('each ticket has a run that has finished, and each refund is counted', () => {
	const ids = manyTickets();
	const { status, stdout, stderr } = started('--input', join(scratch, 'many.json'), '--dir', directory);
	expect(status, stdout + stderr).toBe(0);
	expect(stdout).toMatch(/^kill -9: /m);
	const finished = [...stdout.matchAll(/^ {2}(\S+) +finished$/gm)].map(([, id]) => id);
	expect(finished.toSorted()).toEqual(ids.toSorted());
	expect(stdout).toMatch(/^ {2}ch_1001 +refunded 1× {2}12\.25 EUR for t-01-small-refund$/m);
	expect(stdout).toMatch(/^What the ledger tells of t-01-small-refund/m);
	expect(stdout).toMatch(/status t-01-small-refund --dir/);
});

test('control: a refund made twice, one by nobody, and one that is not there are off', async () => {
	expect(await whatIsOff(directory, worldDirectory)).toEqual([]);
	const journal = join(worldDirectory, 'payments.ndjson');
	const before = readFileSync(journal, 'utf8');
	const [refunded] = readJournal(worldDirectory, 'payments').filter((line) => line.kind === 'refunded');
	appendFileSync(journal, `${JSON.stringify(refunded)}\n${JSON.stringify({ ...refunded, by: null })}\n`);
	const off = await whatIsOff(directory, worldDirectory);
	writeFileSync(journal, before.replaceAll(/^.*"kind":"refunded".*\n/gm, ''));
	const missing = await whatIsOff(directory, worldDirectory);
	expect(off).toEqual([
		expect.stringMatching(/^t-01-small-refund step \d+ payments\.refund: done 2 times$/),
		'payments: an effect that no run of ours made (12.25 EUR)',
	]);
	expect(missing).toEqual([
		expect.stringMatching(/^t-01-small-refund step \d+ payments\.refund: the ledger says done, and nothing was done$/),
	]);
});

test('a directory of somebody else is refused, and stays as it is', () => {
	const other = mkdtempSync(join(scratch, 'other-'));
	writeFileSync(join(other, 'notes.txt'), 'mine');
	const { status, stderr } = started('--dir', other);
	expect(status).toBe(2);
	expect(stderr).toContain('give --dir an empty directory');
	expect(readFileSync(join(other, 'notes.txt'), 'utf8')).toBe('mine');
});

test('an option that it does not know is refused', () => {
	const { status, stderr } = started('--inptu', 'x');
	expect(status).toBe(2);
	expect(stderr).toMatch(/npm start takes -- --input FILE --dir DIR/);
});
