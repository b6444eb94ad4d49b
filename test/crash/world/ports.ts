/** The ports of one process over the world it is in: memory that outlives it, each call of which is a crossing. */
import type { Fault } from '../../../adapters/memory/faults.ts';
import { memoryStore } from '../../../adapters/memory/store.ts';
import { epochMs } from '../../../core/ids.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import type { Store } from '../../../core/ledger/read.ts';
import type { Issuer, Runs } from '../../../core/ports.ts';
import { cross, type Process, passed, type Running } from './crossing.ts';
import type { At } from './kinds.ts';

/** Which entries those are: bodies chain up, so the last one stands for all before it. */
const pageOf = (entries: readonly StoredEntry[]): string => `${entries[0]?.place} ${entries.length} ${entries.at(-1)?.body}`;

export function storeOf(running: Running, process: Process): Store & { readonly runs: Runs } {
	const { world } = running;
	let planned: Fault | undefined;
	const memory = memoryStore({ state: world.state, fault: () => planned });
	const call = <T>(at: At, effect: () => Promise<T>, says?: (answer: T) => string): Promise<T> =>
		cross(running, process, {
			at,
			effect: (fault) => {
				planned = fault;
				return effect();
			},
			...(says && { says }),
		});
	return {
		ledger: {
			generation: memory.ledger.generation,
			read: (chain, page) => call('ledger.read', () => memory.ledger.read(chain, page), pageOf),
			latest: (chain, limit) => call('ledger.latest', () => memory.ledger.latest(chain, limit), pageOf),
			append: (entry, together) => {
				process.serving.appends.push({ chain: entry.chain, body: entry.body });
				return call('ledger.append', () => memory.ledger.append(entry, together));
			},
		},
		claims: { latest: (tool, key) => call('claims.latest', () => memory.claims.latest(tool, key)) },
		keys: {
			create: (run, key) => call('keys.create', () => memory.keys.create(run, key)),
			get: (run) => call('keys.get', () => memory.keys.get(run)),
			destroy: (run) => call('keys.destroy', () => memory.keys.destroy(run)),
		},
		payloads: {
			put: (name, bytes) => call('payloads.put', () => memory.payloads.put(name, bytes)),
			get: (name) => call('payloads.get', () => memory.payloads.get(name)),
		},
		runs: { list: (page) => call('runs.list', () => memory.runs.list(page)) },
		clock: { now: () => epochMs.parse(world.nowMs) },
		randomness: { bytes: (length) => drawn(running, length) },
	};
}

/** No two draws of one world are alike; what they are says nothing. */
function drawn({ world }: Running, length: number): Uint8Array {
	world.drawn += 1;
	const bytes = Buffer.alloc(length, 0x5a);
	bytes.writeUInt32BE(world.drawn, 0);
	bytes.writeUInt32BE(Math.imul(world.drawn, 0x9e3779b1) >>> 0, 4);
	return bytes;
}

/** The broker journals what it issues; its secrets are recognisable wherever they turn up. */
export function issuerOf(running: Running, process: Process): Issuer {
	const { world } = running;
	const issue: Issuer['issue'] = async (request) => {
		const number = String(world.issued.length + 1).padStart(5, '0');
		const credentials = {
			accessKeyId: `ASIAFAKE${number}`,
			secretAccessKey: `secret-access-key-${number}-of-${request.sessionName}`,
			sessionToken: `session-token-${number}-of-${request.sessionName}`,
			expiresAt: epochMs.parse(world.nowMs + request.durationSeconds * 1000),
		};
		world.issued.push({ request, credentials });
		return credentials;
	};
	return {
		issue: (request) => cross(running, process, { at: 'issuer.issue', effect: passed('issuer.issue', () => issue(request)) }),
	};
}
