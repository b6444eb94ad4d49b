/**
 * A state directory opened to read it and to record people's words, without a host: it starts no process, takes nothing
 * over and drives nothing.
 */
import { epochMs } from '../core/ids.ts';
import { createReader, type Reader, type Store } from '../core/ledger/read.ts';
import { openSteps } from '../core/ledger/state.ts';
import type { Runs } from '../core/ports.ts';
import { type RunStatus, statusOf } from '../functions/status/status.ts';
import { type AgentSurroundings, readControl } from '../functions/surroundings.ts';
import { openDirectory } from './directory.ts';
import { loadAgent } from './load-agent.ts';
import { systemRandomness } from './randomness.ts';
import { openRegistry } from './registry.ts';

export type Desk = {
	readonly path: string;
	readonly store: Store;
	readonly reader: Reader;
	readonly runs: Runs;
	/** Where an agent's code was last seen. */
	agentFolder(name: string): string | undefined;
	/** What is needed to decide as `agent`'s guards would now. @throws AgentNotFound, AgentBroken, PolicyError */
	judgeOf(agent: string): Promise<AgentSurroundings>;
	/** Where a run stands, by its last entries alone. @throws RunNotFound, LedgerBroken */
	standingOf(run: string): Promise<Standing>;
	close(): void;
};
/** `done` are the steps that ended, however they did. */
export type Standing = { run: string; agent: string; status: RunStatus; epoch: number; done: number; open: number };

/** No guard is started here, so no window is measured. */
const MARGIN_MS = 0;

/** @throws DirectoryNotFound, DirectoryUnusable, LedgerUnavailable */
export function openDesk(path: string): Desk {
	const directory = openDirectory(path, { mustExist: true });
	const registry = openRegistry(directory.path);
	const clock = { now: () => epochMs.parse(Date.now()) };
	const { ledger, claims, keys, payloads, runs } = directory.stores;
	const store: Store = { ledger, claims, keys, payloads, clock, randomness: systemRandomness };
	return deskOver({
		path: directory.path,
		store,
		runs,
		agentFolder: (name) => registry.agentFolder(name),
		close: () => {
			registry.close();
			directory.stores.close();
		},
	});
}

/** The same over any store. */
export function deskOver({ path, store, runs, agentFolder, close }: Pick<Desk, 'path' | 'store' | 'runs' | 'agentFolder' | 'close'>): Desk {
	const reader = createReader(store);
	return {
		path,
		store,
		reader,
		runs,
		agentFolder,
		close,
		judgeOf: async (name) => {
			const { agent } = await loadAgent(agentFolder(name) ?? name);
			const { cedarPolicies } = await import('../adapters/cedar/cedar-policies.ts');
			return { store, reader, agent, policies: cedarPolicies({ agent }), marginMs: MARGIN_MS };
		},
		standingOf: async (run) => {
			const { state } = await reader.read(run);
			const open = openSteps(state);
			const status = statusOf(state, open, await readControl(store, state.agent));
			return { run, agent: state.agent, status, epoch: state.epoch, done: state.nextStep - 1 - open.length, open: open.length };
		},
	};
}
