/**
 * Looks at one subject and reconciles it if there is reason to. Every agent has its own, since only its code says what should
 * be seen of its effects; what is of no agent, all of them look at, and a finding is raised once.
 */
import { hourOf, type Moved } from '../../core/audit/rounds.ts';
import { runId } from '../../core/ids.ts';
import { hashOf, parseStored } from '../../core/ledger/chain.ts';
import { type ReconcileSurroundings, reconcileControl, reconcileRun } from './reconcile.ts';
import { isControl } from './subjects.ts';

export type VisitSurroundings = ReconcileSurroundings & {
	readonly agent: string;
	readonly moved: Pick<Moved, 'note'>;
	readonly log: (line: { name: string; message: string }) => void;
	readonly now: () => number;
};
const effects = ['witnessed', 'unwitnessable', 'open'] as const;
/** With the effects of the runs that were reconciled; of what nothing can witness it is said that nobody knows. */
export type VisitCounts = Record<'reconciled' | 'findings' | 'raised' | 'unread' | (typeof effects)[number], number>;
export const noVisits = (): VisitCounts => ({ reconciled: 0, findings: 0, raised: 0, unread: 0, witnessed: 0, unwitnessable: 0, open: 0 });

/** What a ledger shows before it is read whole. `without`: there is none, or it is no run's. */
export type Standing =
	| { readonly is: 'anothers' | 'without' }
	/** `at`: when it moved last; 0 where it says that this is yet to come. */
	| { readonly is: 'own'; readonly head: string; readonly at: number };

export async function standingOf(subject: string, { store, agent, now }: VisitSurroundings): Promise<Standing> {
	if (!runId.safeParse(subject).success) return { is: 'without' };
	const { ledger } = store;
	const [[first], [last]] = await Promise.all([ledger.read(subject, { from: 0, limit: 1 }), ledger.latest(subject, 1)]);
	if (!last) return { is: 'without' };
	const opened = first && parseStored(first);
	if (opened && 'entry' in opened && opened.entry.kind === 'opened' && opened.entry.agent !== agent) return { is: 'anothers' };
	const head = parseStored(last);
	const at = 'entry' in head ? head.entry.at : 0;
	// Whoever forges an entry chooses its time: what comes from the future would be at rest never.
	return { is: 'own', head: hashOf(last), at: at > now() ? 0 : at };
}

/** Reconciles it. One that can't be read is noted to have moved: it comes again with this hour. @throws what `moved` throws. */
export async function visit(subject: string, around: VisitSurroundings, counts: VisitCounts): Promise<'reconciled' | 'unread'> {
	try {
		const one = isControl(subject) ? await reconcileControl(subject, around) : await reconcileRun(subject, around);
		if ('counts' in one) for (const name of effects) counts[name] += one.counts.effects[name];
		counts.reconciled += 1;
		counts.findings += one.findings.length;
		counts.raised += one.raised;
		for (const finding of one.findings) around.log({ name: finding.kind, message: JSON.stringify(finding) });
		return 'reconciled';
	} catch (error) {
		counts.unread += 1;
		around.log({ name: error instanceof Error ? error.name : 'unknown', message: `${subject} could not be reconciled` });
		await around.moved.note(subject, hourOf(around.now()));
		return 'unread';
	}
}
