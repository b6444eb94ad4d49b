/** A world in a directory of its own, and someone who issues sessions for it. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { startWorld, type World, type WorldOptions } from '../../agents/refund-desk/world/start.ts';
import { epochMs } from '../../core/ids.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';

const anyRecord = z.record(z.string(), z.unknown());

export type Issuer = { readonly publicKeyFile: string; readonly session: (change?: SessionChange) => string };
/** `notAfter`: from when on its policy denies everything. */
type SessionChange = { notAfter?: number; expiresAt?: number; sessionName?: string; policy?: string };
export type Reply = { status: number; body: Record<string, unknown> };

export function scratchDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), 'world-'));
	onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

export function issuerIn(directory: string): Issuer {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const publicKeyFile = join(directory, 'issuer.pem');
	writeFileSync(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
	return { publicKeyFile, session: (change) => signed(privateKey, change) };
}

export function signed(privateKey: KeyObject, { notAfter, ...change }: SessionChange = {}): string {
	const now = Date.now();
	const claims = {
		accessKeyId: 'ASIATEST',
		role: 'refund-desk-payments-refund',
		sessionName: 'run-1.2.1',
		sourceIdentity: 'run-1',
		tags: { agent: 'refund-desk', run: 'run-1' },
		policy: policyUntil(notAfter ?? now + 60_000),
		expiresAt: now + 900_000,
		issuedAt: now,
		...change,
	};
	const part = Buffer.from(JSON.stringify(claims)).toString('base64url');
	return `${part}.${sign(null, Buffer.from(part, 'ascii'), privateKey).toString('base64url')}`;
}

/** As the guard writes it. */
function policyUntil(ms: number): string {
	const policy = sessionPolicy([{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/k'] }], epochMs.parse(ms));
	if ('why' in policy) throw new Error(policy.why);
	return policy.text;
}

/** A world that ends with the test. */
export async function worldFor(options: WorldOptions): Promise<World> {
	const world = await startWorld(options);
	onTestFinished(() => world.stop());
	return world;
}

export async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
	const sent = typeof body === 'string' ? body : JSON.stringify(body);
	const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent });
	return { status: response.status, body: anyRecord.parse(await response.json()) };
}

export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
	const response = await fetch(url, { headers });
	return { status: response.status, body: anyRecord.parse(await response.json()) };
}

/** Kills a process the hard way and waits until it is gone. */
export async function killHard(pid: number): Promise<void> {
	process.kill(pid, 'SIGKILL');
	await untilGone(pid);
}

export async function untilGone(pid: number, withinMs = 30_000): Promise<void> {
	const deadlineMs = performance.now() + withinMs;
	while (isAlive(pid)) {
		if (performance.now() > deadlineMs) throw new Error(`process ${pid} is still there after ${withinMs} ms`);
		await new Promise((next) => setTimeout(next, 20));
	}
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
