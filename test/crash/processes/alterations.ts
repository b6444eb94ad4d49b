/** Single things altered after honest work, each of which the checker must find: what lies in files, and what was read from them. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../../../core/ledger/entry.ts';
import type { RunState, StepState } from '../../../core/ledger/state.ts';
import type { Told } from './ledgers.ts';

export const ALTERED = 't-07-all-at-once';
export type Altered = { readonly directory: string; readonly worldDirectory: string };
export type Alteration = { readonly what: string; readonly alter: (places: Altered) => void; readonly found: RegExp };

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

export const sessionToken = `${Buffer.from(JSON.stringify({ accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', role: 'refund-desk-mail-send-access', run: 't' })).toString('base64url')}.${'s'.repeat(86)}`;
const runKey = ({ directory }: Altered): Buffer => {
	const opened = new DatabaseSync(join(directory, 'keys.db'), { readOnly: true });
	const row = opened.prepare('SELECT key FROM keys WHERE run = ?').get(ALTERED);
	opened.close();
	return Buffer.from(row?.key as Uint8Array);
};

export const alterations: readonly Alteration[] = [
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
		what: 'a mail that is made by the step of a refund',
		alter: journal('mail', (text) => text.replaceAll(`${ALTERED}.5.`, `${ALTERED}.2.`)),
		found: /payments\.refund: was a mail\.send outside/,
	},
	{
		what: 'an effect of a run that nobody knows',
		alter: journal('mail', (text) => text.replaceAll(ALTERED, 't-00')),
		found: /made by step 5 of t-00, which is in no ledger/,
	},
	{
		what: 'a session that was never granted',
		alter: journal('orders', (text) => text.replace(/"accessKeyId":"ASIA/, '"accessKeyId":"ASIB')),
		found: /orders: read under ASIB\w+ of t-0[78]\S+, which no ledger grants/,
	},
	{
		what: "a session under another attempt's name",
		alter: journal('mail', (text) => text.replaceAll(new RegExp(`${ALTERED}\\.5\\.\\d+"`, 'g'), `${ALTERED}.5.9"`)),
		found: /mail: sent under ASIA\w+ of t-07\S+\.5\.9, which was granted to t-07\S+\.5\.\d+/,
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
		what: 'a credit twice',
		alter: database("INSERT INTO items SELECT declared, 'grant#again', attributes FROM items WHERE key LIKE 'grant#%'"),
		found: /credits: order o_1006 has 2, where one is all there may be/,
	},
	{
		what: 'a credit of another customer',
		alter: database("UPDATE items SET attributes = replace(attributes, 'c_farid', 'c_greta') WHERE key LIKE 'grant#%'"),
		found: /credits\.grant: committed something else than was recorded/,
	},
	{
		what: 'an account that is lost',
		alter: database("DELETE FROM items WHERE key = 'c_farid'"),
		found: /credits: c_farid has grants and no account/,
	},
	{
		what: 'an entry',
		alter: database(
			`UPDATE entries SET body = replace(body, '"result":"done"', '"result":"failed"') WHERE chain = '${ALTERED}' AND place =
			(SELECT min(place) FROM entries WHERE chain = '${ALTERED}' AND body LIKE '%"result":"done"%')`,
		),
		found: /the ledger is damaged at place/,
	},
	{
		what: 'the last entry',
		alter: database(
			`DELETE FROM entries WHERE chain = '${ALTERED}' AND place = (SELECT max(place) FROM entries WHERE chain = '${ALTERED}')`,
		),
		found: /t-07-all-at-once: has not ended/,
	},
	{ what: 'a session token in a log', alter: log(() => `${sessionToken}\n`), found: /resume\.log holds a session token/ },
	{ what: 'credentials in a log', alter: log(() => '{"secretAccessKey":"x"}\n'), found: /resume\.log holds credentials/ },
	{ what: "a run's key in a log", alter: log((places) => runKey(places).toString('hex')), found: /resume\.log holds the key of t-07/ },
	{
		what: "the issuer's key in a log",
		alter: log(({ directory }) => readFileSync(join(directory, 'issuer.key'), 'utf8')),
		found: /resume\.log holds the issuer's private key/,
	},
];

/** What a ledger that is whole could tell of a run, and honest work never does. */
export type Retelling = { readonly what: string; readonly retell: (told: Told) => Told; readonly found: RegExp };

const state =
	(change: Partial<RunState>) =>
	(told: Told): Told =>
		told.check.is === 'broken' ? told : { ...told, check: { ...told.check, state: { ...told.check.state, ...change } } };
const stepOfTool =
	(tool: string, change: (step: StepState) => Partial<StepState>) =>
	(told: Told): Told => {
		if (told.check.is === 'broken') return told;
		const steps = new Map(
			[...told.check.steps].map(([number, step]) => [number, step.tool === tool ? { ...step, ...change(step) } : step]),
		);
		return { ...told, check: { ...told.check, steps } };
	};
/** Of the last outcome about a step of `tool`. */
const outcomeOf =
	(tool: string, change: object) =>
	(told: Told): Told => {
		if (told.check.is === 'broken') return told;
		const { entries, steps } = told.check;
		const last = entries.findLastIndex((entry) => entry.kind === 'outcome' && steps.get(entry.step)?.tool === tool);
		return {
			...told,
			check: { ...told.check, entries: entries.map((entry, index) => (index === last ? ({ ...entry, ...change } as Entry) : entry)) },
		};
	};
const by = 'control' as const;

export const retellings: readonly Retelling[] = [
	{
		what: 'a run that gave up',
		retell: state({ closed: { how: 'exhausted', by, at: 0 as never, place: 1 } }),
		found: /t-07\S+: exhausted/,
	},
	{ what: 'a run that is frozen', retell: state({ frozen: { at: 0 as never, by, place: 1 } }), found: /is frozen/ },
	{ what: 'records that contradict', retell: state({ contradictions: [{ step: 2, place: 9 }] }), found: /step 2: its records contradict/ },
	{ what: 'a step without an end', retell: stepOfTool('carrier.recall', () => ({ end: null })), found: /carrier\.recall: has not ended/ },
	{
		what: 'a refund taken for failed',
		retell: stepOfTool('payments.refund', ({ end }) => ({ end: end && { ...end, result: 'failed' } })),
		found: /payments\.refund: done, and the ledger says failed/,
	},
	{
		what: 'a credit taken for failed',
		retell: stepOfTool('credits.grant', ({ end }) => ({ end: end && { ...end, result: 'failed' } })),
		found: /credits\.grant: is in the table, and the ledger says failed/,
	},
	{ what: 'a guard that concludes', retell: outcomeOf('payments.refund', { by: 'guard' }), found: /by guard, who can't know of a replay/ },
	{
		what: 'a target that was not asked',
		retell: outcomeOf('payments.refund', { by: 'target' }),
		found: /by target, which was not asked about it/,
	},
	{
		what: 'a person who was not asked',
		retell: outcomeOf('payments.refund', { by: 'person' }),
		found: /by person, who was not asked about it/,
	},
	{
		what: 'a tool without an attempt',
		retell: outcomeOf('mail.send', { by: 'tool', attempts: [7] }),
		found: /by tool, which had no such attempt/,
	},
	{
		what: 'a session token that was sealed',
		retell: (told) => ({ ...told, opened: [...told.opened, { echo: sessionToken }] }),
		found: /sealed in the ledger of t-07\S+ is a session token/,
	},
];
