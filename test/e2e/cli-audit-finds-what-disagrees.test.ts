/** A1, A2: one honest run with every class of effect gives no finding. What is then done to its files gives exactly its own. */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { startWorld } from '../../agents/refund-desk/world/start.ts';
import { SLACK_MS } from '../../core/audit/terms.ts';
import { command } from '../../local/demo/command.ts';
import { asked, throughline } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'throughline-audit-'));
/** Where nothing was cut off. On a machine that is slow for a moment a mail may be, and is then a person's. */
let honest: string;
const TRIES = 3;
const run = 't-07-all-at-once';
let copies = 0;

beforeAll(async () => {
	let code: number | null = null;
	for (let tried = 1; tried <= TRIES && code !== 0; tried += 1) {
		honest = join(root, `honest-${tried}`);
		code = await worked(join(root, `world-${tried}`));
	}
	expect(code).toBe(0);
	// What was done a moment ago may still come; only after that is it missing.
	await delay(SLACK_MS + 1_000);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function worked(directory: string): Promise<number | null> {
	mkdirSync(honest);
	const world = await startWorld({
		directory,
		issuerPublicKey: join(honest, 'issuer.pub'),
		trail: join(honest, 'trail'),
	});
	const tickets: unknown = JSON.parse(readFileSync('agents/refund-desk/tickets.json', 'utf8'));
	const [ticket] = z
		.array(z.looseObject({ id: z.string() }))
		.parse(tickets)
		.filter(({ id }) => id === run);
	const input = join(root, 'ticket.json');
	writeFileSync(input, JSON.stringify([ticket]));
	const { code } = await command(['run', 'refund-desk', '--input', input, '--each'], { directory: honest, settings: world.settings });
	await world.stop();
	return code;
}

const report = z.object({
	findings: z.array(z.looseObject({ kind: z.string(), about: z.string(), id: z.string() })),
	raised: z.number(),
	unread: z.array(z.object({ run: z.string(), error: z.string(), message: z.string() })),
	runs: z.array(
		z.looseObject({
			run: z.string(),
			restsOn: z.string(),
			counts: z.looseObject({ effects: z.looseObject({ witnessed: z.number(), unwitnessable: z.number(), open: z.number() }) }),
		}),
	),
});
async function auditOf(directory: string, words: string[] = []) {
	const { code, json, stderr } = await asked(['audit', ...words, '--dir', directory]);
	return { code, stderr, ...report.parse(json) };
}
function attacked(attack: (directory: string) => void): string {
	copies += 1;
	const directory = join(root, `copy-${copies}`);
	cpSync(honest, directory, { recursive: true });
	attack(directory);
	return directory;
}
const lines = (directory: string, file: string, change: (text: string, index: number) => string[]): void => {
	const path = join(directory, 'trail', file);
	const changed = readFileSync(path, 'utf8').split('\n').slice(0, -1).flatMap(change);
	writeFileSync(path, changed.map((line) => `${line}\n`).join(''));
};
function ledger(directory: string, sql: string): void {
	const database = new DatabaseSync(join(directory, 'ledger.db'));
	database.exec(sql);
	database.close();
}
/** As a damaged page would have it: what is no text stands where a text has to. */
const damage = (directory: string): void =>
	ledger(
		directory,
		`CREATE TABLE damaged (chain, place, body, PRIMARY KEY (chain, place)); INSERT INTO damaged SELECT * FROM entries; DROP TABLE entries;
		 ALTER TABLE damaged RENAME TO entries; UPDATE entries SET body = x'00' WHERE place = 3`,
	);
const told = ({ findings }: { findings: readonly { kind: string; about: string }[] }) =>
	findings.map(({ kind, about }) => `${kind} about ${about}`);

test('an honest run: every effect is seen or said to be unwitnessable, and nothing is found', async () => {
	const { code, findings, unread, runs, stderr } = await auditOf(attacked(() => {}));
	expect([findings, unread, stderr]).toEqual([[], [], '']);
	expect(code).toBe(0);
	expect(runs).toMatchObject([{ run, restsOn: 'local', counts: { effects: { witnessed: 3, unwitnessable: 1, open: 0 } } }]);
});

test('the page says on what each conclusion rests', async () => {
	const { code, stdout } = await throughline(['audit', '--dir', attacked(() => {})]);
	expect(code).toBe(0);
	expect(stdout).toMatch(new RegExp(`^${run} .*rests on local until \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z$`, 'm'));
});

const attacks: Record<string, { attack: (directory: string) => void; found: string[] }> = {
	'an entry edited': {
		attack: (directory) =>
			ledger(
				directory,
				`UPDATE entries SET body = replace(body, '"verdict":"allow"', '"verdict":"deny"') WHERE place = (SELECT min(place) FROM entries WHERE chain = '${run}' AND body LIKE '%"verdict":"allow"%') AND chain = '${run}'`,
			),
		found: [`tampered-entry about ${run}`],
	},
	'an entry removed': {
		attack: (directory) => ledger(directory, 'DELETE FROM entries WHERE place = 4'),
		found: [`tampered-entry about ${run}`],
	},
	'an effect that was never seen': {
		attack: (directory) => lines(directory, 'payments.ndjson', (line) => (line.includes('CreateRefund') ? [] : [line])),
		found: [`unwitnessed-effect about ${run}`],
	},
	'an effect seen twice': {
		attack: (directory) =>
			lines(directory, 'mail.ndjson', (line) => [line, line.replace(/"eventID":"[^"]+"/, '"eventID":"another-event-of-the-same"')]),
		found: [`duplicate-effect about ${run}`],
	},
	'a session that no ledger knows': {
		attack: (directory) =>
			lines(directory, 'issuer.ndjson', (line, index) =>
				index > 0
					? [line]
					: [
							line,
							line
								.replaceAll(run, 'no-such-run')
								.replace(/"eventID":"[^"]+"/, '"eventID":"forged-issue"')
								.replace(/"accessKeyId":"[^"]+"/, '"accessKeyId":"ASIAFORGED"'),
						],
			),
		found: ['unattributed-action about no-such-run'],
	},
	'a line that nobody can read': {
		attack: (directory) => appendFileSync(join(directory, 'trail', 'mail.ndjson'), '{"eventID":\n'),
		found: ['witness-gap about @trail'],
	},
};
test.each(Object.entries(attacks))('%s', async (_, { attack, found }) => {
	const directory = attacked(attack);
	const first = await auditOf(directory);
	expect(told(first)).toEqual(found);
	expect(first.code).toBe(1);
	expect(first.raised).toBe(found.length);
	const again = await auditOf(directory);
	expect(again.findings).toEqual(first.findings);
	expect(again.raised).toBe(0);
});

test('a run that can not be read is named with why, and those beside it are reconciled all the same', async () => {
	const directory = attacked((copy) => {
		attacks['a session that no ledger knows']?.attack(copy);
		damage(copy);
	});
	const { code, unread, runs, findings } = await auditOf(directory);
	expect(unread).toMatchObject([{ run, error: 'LedgerUnavailable', message: expect.stringContaining(run) }]);
	expect(runs.map((one) => one.run)).toEqual(['no-such-run']);
	expect(told({ findings })).toEqual(['unattributed-action about no-such-run']);
	expect(code).toBe(1);
	const page = await throughline(['audit', '--dir', directory]);
	expect(page.stdout).toContain(`${run} could not be read: `);
	expect(page.stdout).toMatch(/1 reconciled with what was seen: 1 finding, 1 could not be read\n$/);
	// Asked for alone, it is the command that fails.
	expect(await throughline(['audit', run, '--dir', directory])).toMatchObject({ code: 1, stdout: '' });
});

test('an unreadable run alone is enough for exit code 1', async () => {
	expect(await auditOf(attacked(damage))).toMatchObject({ code: 1, findings: [], runs: [], unread: [{ run }] });
});

test('one run alone; one that nobody knows', async () => {
	const directory = attacked(() => {});
	expect((await auditOf(directory, [run])).runs.map((one) => one.run)).toEqual([run]);
	expect((await throughline(['audit', 'no-such-run', '--dir', directory])).code).toBe(6);
});

test('no secret stands in the trail or among the witnesses', async () => {
	const directory = attacked(() => {});
	await auditOf(directory);
	const issued = readFileSync(join(directory, 'trail', 'issuer.ndjson'), 'utf8');
	expect(issued).not.toMatch(/sessionToken|secretAccessKey/);
	for (const file of ['issuer.ndjson', 'payments.ndjson', 'mail.ndjson'])
		expect(readFileSync(join(directory, 'trail', file), 'utf8')).not.toMatch(/eyJ/);
	expect(readFileSync(join(directory, 'audit.db')).toString('latin1')).not.toMatch(/eyJ/);
});
