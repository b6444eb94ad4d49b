/**
 * Controls of the checker that all crash tests rest on: it must find what naive work does twice under a real kill, what a
 * target or a person does that breaks its word, and every single thing that was altered after honest work.
 */
import { spawn } from 'node:child_process';
import { closeSync, cpSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sha256 } from '../../../core/ledger/chain.ts';
import { report } from '../crash-report.ts';
import { ALTERED, alterations, retellings, sessionToken } from './alterations.ts';
import { offIn, whatIsOff } from './checker.ts';
import { noCommands, operations } from './history.ts';
import { ledgersOf, type Told } from './ledgers.ts';
import { effectInTheAir } from './moments.ts';
import { nothingAnswered, workToTheEnd } from './person.ts';
import { leaks } from './secrets.ts';
import { leftBehindBy, signalTree, startedFor } from './signals.ts';
import { atSite, type Site } from './site.ts';
import { ticketsOf } from './tickets.ts';

/** So long that whoever watches sees an effect before anybody is told of it, also on a busy machine. */
const UNTOLD_MS = 700;
/** Of work that nothing has disturbed, before it is given up that this machine lets any be done. */
const SITES = 5;
const naiveDesk = fileURLToPath(new URL('./naive-desk', import.meta.url));

test.concurrent('a naive desk refunds again what was cut off', async () => {
	await atSite(
		async (site) => {
			const input = site.given({ charge: 'ch_1001', amountCents: 1_225, reason: 'cracked' });
			await killInTheAir(site, ['run', naiveDesk, '--input', input, '--run', 'naive'], 'payments.refund');
			expect((await site.command(['resume'])).code).toBe(0);
			const off = await whatIsOff(site, ['naive']);
			expect(off).toContainEqual(expect.stringMatching(/^naive step 1 payments\.refund: done \d+ times$/));
			expect(off).toContainEqual(expect.stringMatching(/^payments\.refund of ch_1001: \d+ times, where the tickets ask for 1$/));
		},
		{ answerDelayMs: UNTOLD_MS },
	);
});

test.concurrent('a payment service that forgets its keys, and a person who guesses', async () => {
	await atSite(
		async (site) => {
			const run = 't-01-small-refund';
			await killInTheAir(site, ['run', 'refund-desk', '--input', site.given(ticketsOf([run])), '--each'], 'payments.refund');
			await killInTheAir(site, ['resume'], 'mail.send');
			await site.command(['resume']);
			expect((await site.command(['settle', run, '4', '--failed', '--note', 'I think it was not sent'])).code).toBe(0);
			const off = await whatIsOff(site, [run]);
			expect(off).toContainEqual(expect.stringMatching(/^t-01-small-refund step \d+ payments\.refund: done \d+ times$/));
			expect(off).toContain(`${run} step 4 mail.send: done, and the ledger says failed`);
			expect(off).toContainEqual(expect.stringMatching(/^payments\.refund of ch_1001: \d+ times, where the tickets ask for 1$/));
		},
		{ keyLifeMs: 0, answerDelayMs: UNTOLD_MS },
	);
});

test.concurrent('a carrier that hides a recall longer than it says', async () => {
	await atSite(
		async (site) => {
			const run = 't-09-recall';
			await killInTheAir(site, ['run', 'refund-desk', '--input', site.given(ticketsOf([run])), '--each'], 'carrier.recall');
			await site.command(['resume']);
			// On a slow machine further attempts are cut off, and then it is done more than twice.
			const off = await whatIsOff(site, [run]);
			expect(off).toContainEqual(expect.stringMatching(/^t-09-recall step \d+ carrier\.recall: done \d+ times$/));
			expect(off).toContainEqual(expect.stringMatching(/^carrier\.recall of TRK-1008: \d+ times, where the tickets ask for 1$/));
		},
		{ visibleAfterMs: 60_000, answerDelayMs: UNTOLD_MS },
	);
});

test('anything altered after honest work, anything that a ledger tells otherwise, and work that comes to nothing', async () => {
	const runs = [ALTERED, NOTHING];
	await atUndisturbedSite(runs, async (site) => {
		const told = await ledgersOf(site.directory);
		expect(await offIn(site, told, { runs })).toEqual([]);
		expect(await leftBehindBy(site.directory)).toEqual([]);

		const caught = [...(await alteredEach(site)), ...(await retoldEach(site, told))];
		report('processes-controls', { caught: caught.length, controls: caught });

		expect(await whatIsOff(site, [...runs, 't-99'])).toEqual(['t-99: was never opened']);
		expect(await offIn(site, told, { taken: [{ run: ALTERED, place: 3 }] })).toEqual([
			{ is: 'lost', what: `${ALTERED}: the answer that was taken at place 3 does not stand there` },
		]);
		expect(await offIn({ ...site, said: [`look: ${sessionToken}`] }, told, {})).toEqual([
			{ is: 'secret', what: 'a command has said a session token' },
		]);
		// A run that was denied everything does not count as one that was done.
		expect(operations(told, { commands: noCommands(), answered: nothingAnswered() }).runs).toEqual({ ok: 1, fail: 1, unknown: 0 });
		await findsOneLeftBehind(site);
	});
});

/** Where each step was done at its first attempt: a machine that is slow for a moment may cut one off, and then a person settles it. */
async function atUndisturbedSite(runs: readonly string[], work: (site: Site) => Promise<void>): Promise<void> {
	const worked = async (site: Site): Promise<boolean> => {
		await workToTheEnd(site, nothingAnswered());
		const steps = (await ledgersOf(site.directory)).flatMap(({ check }) => (check.is === 'whole' ? [...check.steps.values()] : []));
		if (steps.some(({ attempts, end }) => attempts.length > 1 || end?.by === 'person' || end?.by === 'target')) return false;
		await work(site);
		return true;
	};
	for (let tried = 0; tried < SITES; tried += 1) if (await atSite(worked, { runs, answerDelayMs: 0 })) return;
	throw new Error(`of ${SITES} sites none was left undisturbed`);
}

const NOTHING = 't-08-frozen-customer';

async function alteredEach(site: Site): Promise<string[]> {
	for (const [index, { what, alter, found }] of alterations.entries()) {
		const copy = join(dirname(site.directory), `altered-${index}`);
		const places = { directory: join(copy, 'state'), worldDirectory: join(copy, 'world') };
		cpSync(site.directory, places.directory, { recursive: true });
		cpSync(site.worldDirectory, places.worldDirectory, { recursive: true });
		alter(places);
		expect(await whatIsOff(places, [ALTERED]), what).toContainEqual(expect.stringMatching(found));
	}
	return alterations.map(({ what }) => what);
}

async function retoldEach(site: Site, told: readonly Told[]): Promise<string[]> {
	for (const { what, retell, found } of retellings) {
		const otherwise = told.map((one) => (one.run === ALTERED ? retell(one) : one));
		const off = await offIn(site, otherwise, {});
		expect(
			off.map((each) => each.what),
			what,
		).toContainEqual(expect.stringMatching(found));
	}
	return retellings.map(({ what }) => what);
}

async function findsOneLeftBehind(site: Site): Promise<void> {
	const log = openSync(join(site.directory, 'logs', 'left.log'), 'a');
	const left = spawn('sleep', ['600'], { env: { PATH: process.env.PATH }, stdio: ['ignore', log, log] });
	closeSync(log);
	try {
		// What it prints to is seen once it has begun.
		for (let look = 0; look < 100 && startedFor(site.directory).length === 0; look += 1) await pause(20);
		expect(startedFor(site.directory)).toEqual([left.pid]);
	} finally {
		left.kill('SIGKILL');
	}
	expect(await leftBehindBy(site.directory)).toEqual([]);
}

test('a report token is known by its digest', () => {
	const token = 'r'.repeat(32);
	expect(leaks(`a ${token} b`, new Set([sha256(token)]))).toEqual(['a report token']);
	expect(leaks(`a ${token}r b`, new Set([sha256(token)]))).toEqual([]);
	expect(leaks(`a ${token} b`, new Set())).toEqual([]);
});

/** Kills a command and all its processes once it has made an effect that it was not told of. */
async function killInTheAir(site: Site, words: readonly string[], tool: string): Promise<void> {
	const started = site.begin(words);
	expect(await effectInTheAir(site, started, [tool]), `a ${tool} was made`).toBe(true);
	signalTree(started.child.pid, 'SIGKILL');
	await started.ended;
	expect((await ledgersOf(site.directory)).map(({ check }) => check.is)).toEqual(['whole']);
}
