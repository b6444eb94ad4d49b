/**
 * The embedded credential broker: sessions with the names, tags and expiry that STS would give them. A session token is
 * signed, so that a service can check who calls and until when, as AWS does for its own: what the session policy denies is for
 * whoever is called to read.
 * Token: base64url(claims) "." base64url(Ed25519 signature over the first part).
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { epochMs } from '../core/ids.ts';
import type { Clock, Credentials, Issuer, SessionRequest } from '../core/ports.ts';
import { DirectoryUnusable } from './directory.ts';
import { systemRandomness } from './randomness.ts';

export const privateKeyFile = 'issuer.key';
export const publicKeyFile = 'issuer.pub';

/** Opens the directory's issuer; makes its key pair when there is none. The private key never leaves this process. @throws DirectoryUnusable */
export function openIssuer(directory: string, clock: Clock): Issuer {
	const key = openKey(directory);
	return { issue: async (request) => issue(key, request, clock) };
}

function openKey(directory: string): KeyObject {
	const path = join(directory, privateKeyFile);
	if (!existsSync(path)) {
		const pair = generateKeyPairSync('ed25519');
		writeOnce(path, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
	}
	const key = readKey(path);
	writeAtOnce(join(directory, publicKeyFile), createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(), 0o644);
	return key;
}

function readable(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new DirectoryUnusable(`${path} can't be read: ${String(error)}; make it readable for this user`);
	}
}

/** @throws DirectoryUnusable */
function readKey(path: string): KeyObject {
	const bytes = readable(path);
	try {
		const key = createPrivateKey(bytes);
		if (key.asymmetricKeyType === 'ed25519') return key;
	} catch {}
	throw new DirectoryUnusable(
		`${path} holds no key of this issuer: put it back from a backup, or delete it, and another one is made; sessions that the lost one has signed are refused then`,
	);
}

/** The first of several hosts that begin together makes the key; a second one would make the first one's sessions forged. */
function writeOnce(path: string, text: string, mode: number): void {
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, text, { mode, flush: true });
	try {
		linkSync(draft, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		rmSync(draft);
	}
}

/** Never half a key: a crash leaves the earlier file, or the whole new one. */
function writeAtOnce(path: string, text: string, mode: number): void {
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, text, { mode, flush: true });
	renameSync(draft, path);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_ID_CHARACTERS = 16;
const SECRET_BYTES = 30;

function keyId(random: Uint8Array): string {
	let id = '';
	for (const byte of random) id += ALPHABET[byte % ALPHABET.length];
	return id;
}

function issue(key: KeyObject, request: SessionRequest, clock: Clock): Credentials {
	const random = Buffer.from(systemRandomness.bytes(KEY_ID_CHARACTERS + SECRET_BYTES));
	const accessKeyId = `ASIA${keyId(random.subarray(0, KEY_ID_CHARACTERS))}`;
	const issuedAt = clock.now();
	const expiresAt = epochMs.parse(issuedAt + request.durationSeconds * 1000);
	const { role, sessionName, sourceIdentity, tags, policy } = request;
	const claims = { accessKeyId, role, sessionName, sourceIdentity, tags, policy, issuedAt, expiresAt };
	const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
	const sessionToken = `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
	return { accessKeyId, secretAccessKey: random.toString('base64url', KEY_ID_CHARACTERS), sessionToken, expiresAt };
}
