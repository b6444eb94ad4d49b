/** Checking stored entries: the chain alone, and with the whole fold. */
import { randomBytes } from 'node:crypto';
import { memoryStore } from '../adapters/memory/store.ts';
import { epochMs } from '../core/ids.ts';
import { verifyChain } from '../core/ledger/chain.ts';
import type { StoredEntry } from '../core/ledger/entry.ts';
import { foldWhole } from '../core/ledger/verify.ts';
import counter from './agents/counter/agent.ts';
import { driveInProcess } from './in-process.ts';
import { median } from './quantiles.ts';

const ROUNDS = 7;

export async function benchChain() {
	const memory = memoryStore();
	const issuer = {
		issue: async () => ({
			accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
			secretAccessKey: 'none',
			sessionToken: 'none',
			expiresAt: epochMs.parse(Date.now() + 900_000),
		}),
	};
	await driveInProcess(counter, memory, { run: 'chain', task: { steps: 399 }, issuer });
	const entries: StoredEntry[] = [];
	for (;;) {
		const page = await memory.ledger.read('chain', { from: entries.length, limit: 50 });
		entries.push(...page);
		if (page.length < 50) break;
	}
	const perSecond = (work: () => { is: string }): number => {
		const times = Array.from({ length: ROUNDS + 3 }, () => {
			const begun = performance.now();
			for (let time = 0; time < 10; time += 1) if (work().is !== 'whole') throw new Error('the chain is broken');
			return performance.now() - begun;
		}).slice(3);
		return (entries.length * 10 * 1000) / median(times);
	};
	const bytes = entries.reduce((sum, entry) => sum + entry.body.length, 0);
	return {
		entries: entries.length,
		bytesPerEntry: bytes / entries.length,
		chainPerSecond: perSecond(() => verifyChain('chain', entries)),
		wholePerSecond: perSecond(() => {
			const chain = verifyChain('chain', entries);
			return chain.is === 'broken' ? chain : foldWhole(entries);
		}),
	};
}
