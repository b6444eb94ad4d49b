/**
 * S2, S5: processes that are stopped (SIGSTOP) in the midst of an effect are neither dead nor at work. A stopped host
 * keeps its runs; killed, it loses them to others; woken, it goes on. What becomes of stopped sandboxes, the storm tells.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Started } from '../../../local/demo/command.ts';
import { standings } from '../../../local/demo/person.ts';
import { whatIsOff } from './checker.ts';
import { ledgersOf } from './ledgers.ts';
import { effectInTheAir, grantsIn } from './moments.ts';
import { answerAll, nothingAnswered, workToTheEnd } from './person.ts';
import { leftBehindBy, signalTree } from './signals.ts';
import { atSite, type Site } from './site.ts';
import { ticketsOf } from './tickets.ts';

const TAKEN = 't-09-recall';
const POLL_MS = 10;
const OTHER = 't-11-answer-elsewhere';
/** One tool of every effect class at least, and nothing that asks for an approval. */
const FEW = ['t-01-small-refund', 't-07-all-at-once', 't-09-recall'];
/** Longer than any tool of this desk may take. */
const SLEEP_MS = 3_000;
/** One to work, one for each step that a person may have to settle. */
const TAKES = 4;

test.concurrent('a stopped host keeps its runs, and loses them when it is killed', async () => {
	await atSite(
		async (site) => {
			const host = await stoppedInTheMidst(site);
			await expectItsRunsUntouched(site, async () => {
				const { code, stdout } = await site.command(['resume']);
				expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 0, said: { runs: [] } });
				await othersWork(site);
			});
			// Who asks for the same runs waits for it, as long as it lives.
			const waiting = site.begin(site.workOnAllTickets);
			await expectItsRunsUntouched(site, () => says(site, `(process ${host.child.pid}); waiting for it`));
			signalTree(host.child.pid, 'SIGKILL');
			await Promise.all([host.ended, waiting.ended]);
			await endAndCheck(site);
		},
		{ runs: [...FEW, OTHER] },
	);
});

test.concurrent('a stopped host that wakes late goes on with its runs', async () => {
	await atSite(
		async (site) => {
			const host = await stoppedInTheMidst(site);
			await expectItsRunsUntouched(site, async () => {
				await othersWork(site);
				await pause(SLEEP_MS);
			});
			signalTree(host.child.pid, 'SIGCONT');
			await host.ended;
			expect(host.child.signalCode).toBeNull();
			await endAndCheck(site);
		},
		{ runs: [...FEW, OTHER] },
	);
});

test.concurrent('a host that wakes after a person has its run taken up elsewhere does nothing more', async () => {
	await atSite(
		async (site) => {
			const host = site.begin(['run', 'refund-desk', '--input', site.given(ticketsOf([TAKEN])), '--each']);
			const grants = grantsIn(site, 'lookup');
			await stopWhere(site, host, async () => {
				while (host.child.exitCode === null && grants.count() === 0) await pause(POLL_MS);
			});
			grants.close();
			// By name it is taken from whoever drives it; what that one had granted is waited out, and a mail that was cut off is a person's.
			const taking: Started[] = [];
			for (let time = 0; time < TAKES && (await standingOf(site)) !== 'finished'; time += 1) {
				// Its command stays, since the stopped host still has an execution of the run.
				taking.push(site.begin(['resume', TAKEN]));
				while (goesOn.has(await standingOf(site))) await pause(POLL_MS);
				await answerAll(site, nothingAnswered(), [TAKEN]);
			}
			expect(await standingOf(site)).toBe('finished');
			signalTree(host.child.pid, 'SIGCONT');
			await Promise.all([host, ...taking].map(({ ended }) => ended));
			expect(await whatIsOff(site, [TAKEN])).toEqual([]);
		},
		{ runs: [...FEW, OTHER] },
	);
});

const goesOn: ReadonlySet<string | undefined> = new Set(['open', 'settling']);
const standingOf = async ({ directory }: Site): Promise<string | undefined> =>
	(await standings(directory)).find(({ run }) => run === TAKEN)?.status;

/** A host with an effect made and not told. */
async function stoppedInTheMidst(site: Site): Promise<Started> {
	const host = site.begin(['run', 'refund-desk', '--input', site.given(ticketsOf(FEW)), '--each']);
	await stopWhere(site, host, async () => {
		expect(await effectInTheAir(site, host, ['payments.refund', 'carrier.recall', 'mail.send']), 'an effect was made').toBe(true);
	});
	return host;
}

/** Stops a host and all that it runs after `moment`, where it holds no lock that would keep every other process out. */
async function stopWhere(site: Site, host: Started, moment: () => Promise<void>): Promise<void> {
	for (;;) {
		await moment();
		signalTree(host.child.pid, 'SIGSTOP');
		if (['ledger.db', 'payloads.db', 'keys.db', 'hosts.db'].every((file) => isUnlocked(join(site.directory, file)))) return;
		signalTree(host.child.pid, 'SIGCONT');
		await pause(POLL_MS);
	}
}

function isUnlocked(path: string): boolean {
	const database = new DatabaseSync(path, { timeout: 0 });
	try {
		// Exclusive: where there is no write-ahead log, whoever only reads keeps a writer out as well.
		database.exec('BEGIN EXCLUSIVE; ROLLBACK;');
		return true;
	} catch {
		return false;
	} finally {
		database.close();
	}
}

async function expectItsRunsUntouched(site: Site, meanwhile: () => Promise<unknown>): Promise<void> {
	const before = await heads(site);
	await meanwhile();
	expect(await heads(site)).toEqual(before);
}

async function heads({ directory }: Site): Promise<Record<string, number>> {
	const told = (await ledgersOf(directory)).filter(({ run }) => run !== OTHER);
	return Object.fromEntries(told.map(({ run, check }) => [run, check.is === 'whole' ? check.entries.length : -1]));
}

const reports = z.object({ runs: z.array(z.object({ run: z.string(), status: z.string() })), takenUp: z.array(z.unknown()) });

/** Another ticket is worked on beside it, to its end. */
async function othersWork(site: Site): Promise<void> {
	const { stdout } = await site.command(['run', 'refund-desk', '--input', site.given(ticketsOf([OTHER])), '--each']);
	expect(reports.parse(JSON.parse(stdout))).toEqual({ runs: [{ run: OTHER, status: 'finished' }], takenUp: [] });
}

async function says({ said }: Site, words: string): Promise<void> {
	while (!said.some((line) => line.includes(words))) await pause(20);
}

async function endAndCheck(site: Site): Promise<void> {
	await workToTheEnd(site, nothingAnswered());
	expect(await whatIsOff(site, site.runs)).toEqual([]);
	expect(await leftBehindBy(site.directory), 'processes left behind').toEqual([]);
}
