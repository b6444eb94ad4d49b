/** Finding the runs that could go on and that nothing drives. */
import { parseStored } from '../core/ledger/chain.ts';
import { LedgerBroken, type Reader, type Store } from '../core/ledger/read.ts';
import { openSteps } from '../core/ledger/state.ts';
import type { Runs } from '../core/ports.ts';
import { statusOf } from '../functions/status/status.ts';
import { type Control, readControl } from '../functions/surroundings.ts';

export const RUNS_PER_PAGE = 500;

/** Every run of a directory, in ascending order, read page by page. */
export async function* allRuns(runs: Runs): AsyncGenerator<string> {
	let after: string | undefined;
	for (;;) {
		const page = await runs.list({ ...(after !== undefined && { after }), limit: RUNS_PER_PAGE });
		yield* page;
		after = page.at(-1);
		if (page.length < RUNS_PER_PAGE || after === undefined) return;
	}
}

/**
 * Runs outside `driven` that `resume` would start again: not over, not waiting for a person, not stuck.
 * A damaged run is a person's to look at, and keeps no other from being taken up.
 */
export async function interruptedRuns({
	runs,
	store,
	reader,
	driven,
}: {
	runs: Runs;
	store: Store;
	reader: Reader;
	driven: ReadonlySet<string>;
}): Promise<string[]> {
	const controls = new Map<string, Control>();
	const controlOf = async (agent: string): Promise<Control> => {
		const control = controls.get(agent) ?? (await readControl(store, agent));
		controls.set(agent, control);
		return control;
	};
	const interrupted: string[] = [];
	for await (const run of allRuns(runs)) {
		if (driven.has(run) || (await endsClosed(store, run))) continue;
		try {
			const { state } = await reader.read(run);
			const status = statusOf(state, openSteps(state), await controlOf(state.agent));
			if (status === 'open' || status === 'settling') interrupted.push(run);
		} catch (error) {
			if (!(error instanceof LedgerBroken)) throw error;
		}
	}
	return interrupted;
}

/** Most runs of a directory are finished. Their last entry says so, without a reading of the whole run. */
async function endsClosed(store: Store, run: string): Promise<boolean> {
	const [head] = await store.ledger.latest(run, 1);
	const parsed = head && parseStored(head);
	return parsed !== undefined && 'entry' in parsed && parsed.entry.kind === 'closed' && parsed.entry.how === 'finished';
}
