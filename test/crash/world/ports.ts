/** The ports of one process: what it has of the world it is in. */
import type { Store } from '../../../core/ledger/read.ts';
import type { Executions, Issuer, Runs } from '../../../core/ports.ts';
import type { Outward } from './outward.ts';

export const storeOf = ({ call, sense }: Outward): Store & { readonly runs: Runs } => ({
	ledger: {
		generation: 'memory',
		read: (chain, page) => call('ledger.read', chain, page),
		latest: (chain, limit) => call('ledger.latest', chain, limit),
		append: (entry, together) => call('ledger.append', entry, together),
	},
	claims: { latest: (tool, key) => call('claims.latest', tool, key) },
	keys: {
		create: (run, key) => call('keys.create', run, key),
		get: (run) => call('keys.get', run),
		destroy: (run) => call('keys.destroy', run),
	},
	payloads: {
		put: (name, bytes) => call('payloads.put', name, bytes),
		get: (name) => call('payloads.get', name),
	},
	runs: { list: (page) => call('runs.list', page) },
	clock: { now: () => sense('now') },
	randomness: { bytes: (length) => sense('draw', length) },
});

export const issuerOf = ({ call }: Outward): Issuer => ({ issue: (request) => call('issuer.issue', request) });

export const executionsOf = ({ call }: Outward): Executions => ({
	start: (machine, execution) => call('executions.start', machine, execution),
	isRunning: (machine, name) => call('executions.isRunning', machine, name),
	running: (machine) => call('executions.running', machine),
});
