import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { type Attempt, oneWinnerEach } from './checks.ts';
import { emptyDirectory } from './sqlite-directory.ts';

const entry = z.strictObject({ chain: z.string(), place: z.int(), body: z.string() });
const attempt = z.strictObject({
	entry,
	appended: z.discriminatedUnion('is', [
		z.strictObject({ is: z.literal('appended') }),
		z.strictObject({ is: z.literal('conflict'), holder: entry }),
	]),
});
const ready = z.strictObject({ ready: z.string() });

type Writer = { readonly process: ChildProcess; readonly generation: string; readonly attempts: Attempt[]; go(): void };

/** A process that has the store open and is waiting to be let go. */
async function writer(directory: string, name: string, places: number): Promise<Writer> {
	const program = new URL('sqlite-writer.ts', import.meta.url).pathname;
	const child = spawn(process.execPath, [program, directory, name, String(places)], { stdio: ['pipe', 'pipe', 'inherit'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	const lines = createInterface({ input: child.stdout });
	const [first] = await once(lines, 'line');
	const attempts: Attempt[] = [];
	lines.on('line', (line) => attempts.push(attempt.parse(JSON.parse(line))));
	return { process: child, generation: ready.parse(JSON.parse(String(first))).ready, attempts, go: () => void child.stdin.write('go\n') };
}

test('L1: of six processes racing for the same places, one has each, and all agree on the generation', async () => {
	const directory = emptyDirectory();
	const writers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => writer(directory.path, name, 40)));
	const store = directory.open({ generation: 'too-late' });
	expect(new Set(writers.map(({ generation }) => generation))).toEqual(new Set([store.ledger.generation]));
	const ends = writers.map(({ process }) => once(process, 'close'));
	for (const { go } of writers) go();
	await Promise.all(ends);
	const attempts = writers.flatMap((each) => each.attempts);
	expect(attempts).toHaveLength(6 * 40);
	await oneWinnerEach(store.ledger, attempts);
});

test('whatever a process was told before it was killed is in the ledger', async () => {
	const directory = emptyDirectory();
	const victim = await writer(directory.path, 'victim', 1_000_000);
	victim.go();
	await expect.poll(() => victim.attempts.length, { timeout: 20_000 }).toBeGreaterThan(200);
	victim.process.kill('SIGKILL');
	await once(victim.process, 'close');
	const { ledger } = directory.open({ generation: victim.generation, expect: 'existing' });
	const [head] = await ledger.latest('run-1', 1);
	// One more may have landed than was told: killed between the commit and the word.
	expect(head?.place).toBeGreaterThanOrEqual(victim.attempts.length - 1);
	expect(head?.place).toBeLessThanOrEqual(victim.attempts.length);
	for (let from = 0; from < victim.attempts.length; from += 50) {
		const told = victim.attempts.slice(from, from + 50).map((each) => each.entry);
		expect(await ledger.read('run-1', { from, limit: told.length })).toEqual(told);
	}
});
