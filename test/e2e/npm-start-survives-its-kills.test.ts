/** `npm start`, with tickets named, kills everything with each kind of effect in the air that a crash leaves open, and ends with nothing lost and nothing done twice. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { status } from '../../functions/status/status.ts';
import { openDesk } from '../../local/desk.ts';
import { type Ending, endings, outsideOf, sortedEnding } from '../acceptance/tickets.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm start', async () => {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-start-'));
	const [program = '', ...words] = 'npm start -- --input agents/refund-desk/tickets.json'.split(' ');
	const { status: code, stdout, stderr } = spawnSync(program, [...words, '--dir', directory], { cwd: root, encoding: 'utf8' });
	const found = code === 0 ? await endedAs(directory) : [];
	rmSync(directory, { recursive: true, force: true });
	expect(code, stdout + stderr).toBe(0);
	expect(stdout.match(/^kill -9: /gm)?.length, stdout).toBeGreaterThanOrEqual(2);
	for (const tool of ['payments.refund', 'mail.send', 'carrier.recall']) expect(stdout).toContain(`in the air: ${tool} of `);
	expect(stdout).toMatch(/mail\.send · in doubt: waiting \d+ s before asking a person$/m);
	expect(stdout).toMatch(/carrier\.recall · in doubt: waiting \d+ s before asking the target$/m);
	expect(stdout).toMatch(/carrier\.recall · done, says the target$/m);
	expect(stdout).toMatch(/SIGKILL/);
	expect(stdout).toMatch(/11 runs, .* effects seen, .* 0 findings$/m);
	expect(stdout).toMatch(/^Nothing was lost, and nothing was done twice\./m);
	for (const { run, unsent, ...ending } of found) {
		const right = endings[run]?.map((one) => sortedEnding(withoutMail(one, unsent)));
		expect(right, run).toContainEqual(sortedEnding(ending));
	}
	expect(found.map(({ run }) => run).toSorted()).toEqual(Object.keys(endings).toSorted());
});

/** A mail that was granted and not yet sent when all was killed is in doubt, and a person who looks into the out-box settles it as failed. */
const withoutMail = ({ steps, outside }: Ending, unsent: boolean): Ending =>
	unsent
		? {
				steps: steps.map((step) => (step === 'mail.send done' ? 'mail.send failed' : step)),
				outside: outside.filter((made) => !made.startsWith('mail.send ')),
			}
		: { steps, outside };

/** Read as any target's runs are: from their ledgers, and from the services' journals. */
async function endedAs(directory: string) {
	const desk = openDesk(directory);
	try {
		const seen = await Promise.all(Object.keys(endings).map((run) => status(run, { store: desk.store })));
		return seen.map(({ run, done }) => ({
			run,
			steps: done.map(({ tool, outcome }) => `${tool} ${outcome}`),
			outside: outsideOf(join(directory, 'world'), run),
			unsent: done.some(({ tool, outcome, by }) => tool === 'mail.send' && outcome === 'failed' && by === 'person'),
		}));
	} finally {
		desk.close();
	}
}
