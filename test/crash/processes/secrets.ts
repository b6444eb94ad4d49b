/** A3: no secret is ever stored. Every byte of these directories is searched, and every sealed content, opened. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { sha256 } from '../../../core/ledger/chain.ts';
import type { Told } from './ledgers.ts';

/** A signed session: claims that begin like our issuer's, a dot, a signature. */
const SESSION_TOKEN = /eyJ[\w-]{60,}\.[\w-]{80,}/;
/** The form of a report token, 24 bytes. What has it is one only if a ledger holds its digest. */
const REPORT_TOKEN = /(?<![\w-])[\w-]{32}(?![\w-])/g;
/** Credentials as JSON would spell them. */
const NAMED_SECRET = /"(?:secretAccessKey|sessionToken)\\?"\s*:\s*\\?"[^"]/;

type Searched = {
	readonly directories: readonly string[];
	readonly directory: string;
	readonly told: readonly Told[];
	readonly said: readonly string[];
};

export async function leaksIn({ directories, directory, told, said }: Searched): Promise<string[]> {
	const digests = new Set(
		told
			.flatMap(({ check }) => (check.is === 'whole' ? check.entries : []))
			.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.tokenDigest] : [])),
	);
	const files = directories.flatMap((root) =>
		readdirSync(root, { recursive: true, encoding: 'utf8' })
			.map((name) => join(root, name))
			.filter((path) => statSync(path).isFile()),
	);
	const runKeys = runKeysIn(directory);
	const privateKey = pemBody(readFileSync(join(directory, 'issuer.key'), 'latin1'));
	const off: string[] = [];
	for (const path of files) {
		const bytes = readFileSync(path);
		const where = relative(directory, path);
		off.push(...leaks(bytes.toString('latin1'), digests).map((what) => `${where} holds ${what}`));
		if (basename(path) !== 'issuer.key' && bytes.includes(privateKey)) off.push(`${where} holds the issuer's private key`);
		if (basename(path).startsWith('keys.db')) continue;
		for (const [run, key] of runKeys) {
			const forms = [key, key.toString('hex'), key.toString('base64url'), key.toString('base64')];
			if (forms.some((form) => bytes.includes(form))) off.push(`${where} holds the key of ${run}`);
		}
	}
	for (const { run, opened } of told)
		off.push(
			...opened.flatMap((content) => leaks(JSON.stringify(content), digests)).map((what) => `sealed in the ledger of ${run} is ${what}`),
		);
	off.push(...leaks(said.join('\n'), digests).map((what) => `a command has said ${what}`));
	return off;
}

export function leaks(text: string, digests: ReadonlySet<string>): string[] {
	return [
		...(SESSION_TOKEN.test(text) ? ['a session token'] : []),
		...(NAMED_SECRET.test(text) ? ['credentials'] : []),
		...(text.match(REPORT_TOKEN) ?? []).filter((candidate) => digests.has(sha256(candidate))).map(() => 'a report token'),
	];
}

function runKeysIn(directory: string): [run: string, key: Buffer][] {
	const database = new DatabaseSync(join(directory, 'keys.db'), { readOnly: true });
	try {
		const rows = database.prepare('SELECT run, key FROM keys WHERE key IS NOT NULL').all();
		return rows.map((row) => [String(row.run), Buffer.from(z.instanceof(Uint8Array).parse(row.key))]);
	} finally {
		database.close();
	}
}

const pemBody = (pem: string): string => pem.split('\n').find((line) => line.length > 0 && !line.startsWith('-----')) ?? pem;
