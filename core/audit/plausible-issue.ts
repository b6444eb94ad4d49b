/** Whether a session that the ledger does not name is one that a guard can have asked for, before it died or lost its place. */
import { roleName } from '../ids.ts';
import type { LedgerSeen } from './ledger-seen.ts';
import type { SessionJoined } from './sessions.ts';

/** What no guard would have asked for, as a sentence; `undefined` when one may have. */
export function plausible(ledger: LedgerSeen, { issue, name, seen }: SessionJoined): string | undefined {
	if (!issue) return undefined;
	if (ledger.entries.size === 0) return 'a session was issued for a run that has no ledger';
	if (!name || name.run !== ledger.run || seen?.sourceIdentity !== ledger.run)
		return 'a session was issued under a name that no guard gives';
	const head = ledger.heads.get(issue.tags.head ?? '');
	// Of a head that the ledger does not have, the chain itself says more.
	if (head === undefined)
		return issue.tags.head === undefined ? 'a session was issued without the head that guards tag it with' : undefined;
	const step = ledger.steps.get(name.step);
	if (!step || step.intentPlace > head) {
		const firstBreak = ledger.breaks[0]?.place;
		return firstBreak !== undefined && firstBreak <= head + 1
			? undefined
			: `a session was issued for step ${name.step}, which was not planned by then`;
	}
	if (ledger.agent !== undefined && seen.kind && seen.role !== roleName(ledger.agent, step.tool, seen.kind)) {
		return `a session was issued for step ${name.step} with the role of another tool`;
	}
	const granted = step.attempts.filter(({ place }) => place <= head).length;
	const isNext = seen.kind === 'commit' ? name.attempt <= granted : name.lookup || name.attempt === granted + 1;
	return isNext
		? undefined
		: `a session was issued for attempt ${name.attempt} of step ${name.step}, of which ${granted} were granted by then`;
}
