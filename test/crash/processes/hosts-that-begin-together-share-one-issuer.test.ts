/** I1: the issuer's key is made once. Of hosts that begin in a new directory at the same moment, none issues what another's key calls forged. */
import { fork } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifySession } from '../../../agents/refund-desk/world/session.ts';

const HOSTS = 4;
const ROUNDS = 4;
const host = fileURLToPath(new URL('./issuing-host.ts', import.meta.url));

test(`${HOSTS} hosts at once, ${ROUNDS} times`, async () => {
	const root = mkdtempSync(join(tmpdir(), 'throughline-crash-'));
	try {
		for (let round = 0; round < ROUNDS; round += 1) {
			const directory = join(root, `state-${round}`);
			mkdirSync(directory);
			const tokens = await issuedTogether(directory, join(root, `word-${round}`));
			const key = createPublicKey(readFileSync(join(directory, 'issuer.pub')));
			expect(tokens.map((token) => verifySession(token, { key, nowMs: Date.now() }).is)).toEqual(tokens.map(() => 'valid'));
			expect(readdirSync(directory).sort()).toEqual(['issuer.key', 'issuer.pub']);
		}
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
});

async function issuedTogether(directory: string, word: string): Promise<string[]> {
	const hosts = Array.from({ length: HOSTS }, () => fork(host, [directory, word], { execArgv: [] }));
	await Promise.all(hosts.map((child) => once(child, 'message')));
	const tokens = hosts.map(async (child) => String((await once(child, 'message'))[0]));
	writeFileSync(word, '');
	return Promise.all(tokens);
}
