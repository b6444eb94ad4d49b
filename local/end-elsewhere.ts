/**
 * S2 where several hosts share a directory: a process that is stopped in the midst of an attempt would wake when the wait is
 * over, or when the target has forgotten the key, and act a second time. Whoever takes its run up ends it first.
 */
import type { Reader } from '../core/ledger/read.ts';
import { openAttempts, stepOf } from '../core/ledger/state.ts';
import { toolEvent } from '../functions/guard/protocol.ts';
import { killMarked } from './processes.ts';
import type { Registry } from './registry.ts';

export type Elsewhere = { readonly hostId: string; readonly registry: Pick<Registry, 'hostsOf'>; readonly reader: Reader };

/**
 * Called before each invocation. Before this host first acts on a step in an epoch, it ends what other hosts that had the run
 * have under way at the step's tool, where an attempt is open: in this epoch they are granted nothing more. What such a
 * process does for other runs is cut off with it, as by any crash.
 *
 * @throws RunNotFound, LedgerBroken, LedgerUnavailable
 */
export function endingElsewhere({ hostId, registry, reader }: Elsewhere): (name: string, event: unknown) => Promise<void> {
	const looked = new Set<string>();
	return async (name, event) => {
		const { success, data } = toolEvent.safeParse(event);
		if (!success) return;
		const { run, step, epoch } = data;
		const others = registry.hostsOf(run).filter((host) => host !== hostId);
		const once = `${run}.${step}.${epoch}`;
		if (others.length === 0 || looked.has(once)) return;
		const found = stepOf((await reader.read(run)).state, step);
		// What reads, or is committed by its guard, changes nothing however late it wakes.
		const canAct = found !== undefined && found.effect !== 'read' && found.effect !== 'transaction' && openAttempts(found).length > 0;
		if (canAct) for (const host of others) killMarked(host, name);
		looked.add(once);
	};
}
