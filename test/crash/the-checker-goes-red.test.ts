/**
 * Controls of the checker that all crash tests rest on: it must find what naive work does twice under a real kill, what a
 * target or a person does that breaks its word, and every single thing that was altered after honest work.
 */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sha256 } from '../../core/ledger/chain.ts';
import { whatIsOff } from './checker.ts';
import { ledgersOf } from './ledgers.ts';
import { effectInTheAir } from './moments.ts';
import { signalTree } from './processes.ts';
import { leaks } from './secrets.ts';
import { atSite, type Site } from './site.ts';
import { ticketsOf } from './tickets.ts';

const naiveDesk = fileURLToPath(new URL('./naive-desk', import.meta.url));

test('a naive desk refunds again what was cut off', async () => {
	await atSite(async (site) => {
		const input = site.given({ charge: 'ch_1001', amountCents: 1_225, reason: 'cracked' });
		await killInTheAir(site, ['run', naiveDesk, '--input', input, '--run', 'naive'], 'payments.refund');
		expect((await site.command(['resume'])).code).toBe(0);
		const off = await whatIsOff(site, ['naive']);
		expect(off).toContainEqual(expect.stringMatching(/^naive step 1 payments\.refund: done \d+ times$/));
		expect(off).toContainEqual(expect.stringMatching(/^payments\.refund of ch_1001: \d+ times, where the tickets ask for 1$/));
	});
});

test('a payment service that forgets its keys, and a person who guesses', async () => {
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
		{ keyLifeMs: 0 },
	);
});

test('a carrier that hides a recall longer than it says', async () => {
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
		{ visibleAfterMs: 60_000 },
	);
});

test('anything altered after honest work', async () => {
	await atSite(async (site) => {
		await site.command(['run', 'refund-desk', '--input', site.given(ticketsOf([ALTERED])), '--each']);
		expect(await whatIsOff(site, [ALTERED])).toEqual([]);
		expect(await whatIsOff(site, [ALTERED, 't-99'])).toEqual(['t-99: was never opened']);
		for (const [index, { what, alter, found }] of alterations.entries()) {
			const copy = join(dirname(site.directory), `altered-${index}`);
			const places = { directory: join(copy, 'state'), worldDirectory: join(copy, 'world') };
			cpSync(site.directory, places.directory, { recursive: true });
			cpSync(site.worldDirectory, places.worldDirectory, { recursive: true });
			alter(places);
			expect(await whatIsOff(places, [ALTERED]), what).toContainEqual(expect.stringMatching(found));
		}
	});
});

const ALTERED = 't-07-all-at-once';
type Altered = { readonly directory: string; readonly worldDirectory: string };
type Alteration = { readonly what: string; readonly alter: (places: Altered) => void; readonly found: RegExp };

const journal =
	(service: string, change: (text: string) => string) =>
	({ worldDirectory }: Altered): void => {
		const file = join(worldDirectory, `${service}.ndjson`);
		const before = readFileSync(file, 'utf8');
		const after = change(before);
		if (after === before) throw new Error(`nothing of ${service} was altered`);
		writeFileSync(file, after);
	};
const lastLine = /[^\n]*\n$/;
const database =
	(sql: string, file = 'ledger.db') =>
	({ directory }: Altered): void => {
		const opened = new DatabaseSync(join(directory, file));
		if (opened.prepare(sql).run().changes !== 1) throw new Error(`${sql} altered nothing, or too much`);
		opened.close();
	};
const log =
	(text: (places: Altered) => string) =>
	(places: Altered): void =>
		appendFileSync(join(places.directory, 'logs', 'resume.log'), text(places));

const sessionToken = `${Buffer.from(JSON.stringify({ accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', role: 'refund-desk-mail-send-access', run: 't' })).toString('base64url')}.${'s'.repeat(86)}`;
const runKey = ({ directory }: Altered): Buffer => {
	const opened = new DatabaseSync(join(directory, 'keys.db'), { readOnly: true });
	const row = opened.prepare('SELECT key FROM keys').get();
	opened.close();
	return Buffer.from(row?.key as Uint8Array);
};

const alterations: readonly Alteration[] = [
	{
		what: 'a mail is lost',
		alter: journal('mail', (text) => text.replace(lastLine, '')),
		found: /mail\.send: the ledger says done, and nothing was done/,
	},
	{
		what: 'a mail is sent twice',
		alter: journal('mail', (text) => text + (lastLine.exec(text)?.[0] ?? '')),
		found: /mail\.send: done 2 times/,
	},
	{
		what: 'a refund of another amount',
		alter: journal('payments', (text) => text.replaceAll('"amountCents":3990,"key"', '"amountCents":3991,"key"')),
		found: /payments\.refund: did something else than was recorded/,
	},
	{
		what: 'a recall of another parcel',
		alter: journal('carrier', (text) => text.replaceAll('"tracking":"TRK-1006","reference"', '"tracking":"TRK-1001","reference"')),
		found: /carrier\.recall of TRK-1001: 1 times, where the tickets ask for 0/,
	},
	{
		what: 'a refund under another key',
		alter: journal('payments', (text) => text.replace(/"key":"[^"]+"/, '"key":"another"')),
		found: /came with the key of something else/,
	},
	{
		what: 'an effect of a run that nobody knows',
		alter: journal('mail', (text) => text.replaceAll(ALTERED, 't-00')),
		found: /made by step 5 of t-00, which is in no ledger/,
	},
	{
		what: 'a session that was never granted',
		alter: journal('orders', (text) => text.replace(/"accessKeyId":"ASIA/, '"accessKeyId":"ASIB')),
		found: /orders: read under ASIB\w+ of t-07\S+, which no ledger grants/,
	},
	{
		what: 'no session at all',
		alter: journal('mail', (text) => text.replace(/"by":\{[^}]*\}/, '"by":null')),
		found: /mail: sent for somebody without a session/,
	},
	{
		what: 'a sum of credits',
		alter: database(`UPDATE items SET attributes = '{"cents":501}' WHERE key = 'c_farid'`),
		found: /c_farid has 501 cents, by 500 cents of grants/,
	},
	{
		what: 'a credit that is lost',
		alter: database("DELETE FROM items WHERE key LIKE 'grant#%'"),
		found: /credits\.grant: the ledger says done, and the table has no trace of it/,
	},
	{
		what: 'a credit of nobody',
		alter: database("UPDATE items SET key = 'grant#x' WHERE key LIKE 'grant#%'"),
		found: /credits: grant#x is of no step of ours/,
	},
	{
		what: 'an entry',
		alter: database(`UPDATE entries SET body = replace(body, '"result":"done"', '"result":"failed"') WHERE place = 4`),
		found: /the ledger is damaged at place/,
	},
	{ what: 'the last entry', alter: database('DELETE FROM entries WHERE place = (SELECT max(place) FROM entries)'), found: /has not ended/ },
	{ what: 'a session token in a log', alter: log(() => `${sessionToken}\n`), found: /resume\.log holds a session token/ },
	{ what: 'credentials in a log', alter: log(() => '{"secretAccessKey":"x"}\n'), found: /resume\.log holds credentials/ },
	{ what: "a run's key in a log", alter: log((places) => runKey(places).toString('hex')), found: /resume\.log holds the key of t-07/ },
	{
		what: "the issuer's key in a log",
		alter: log(({ directory }) => readFileSync(join(directory, 'issuer.key'), 'utf8')),
		found: /resume\.log holds the issuer's private key/,
	},
];

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
