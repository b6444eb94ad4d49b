/**
 * Committing a transaction: the tool's writes and its outcome land together or not at all, so its effect happens
 * exactly once. The session that writes is assumed here and handed to nobody.
 */
import { append, type Round } from '../../core/ledger/append.ts';
import { checkWrites } from '../../core/ledger/check-append.ts';
import type { View } from '../../core/ledger/read.ts';
import { type AttemptState, isFenced, type RunState, type StepState } from '../../core/ledger/state.ts';
import type { Write } from '../../core/ports.ts';
import { type GuardSurroundings, readControl } from '../surroundings.ts';
import { issue } from './grant.ts';
import { ended as over, toolOf } from './occasion.ts';
import { contentOf } from './outcome-content.ts';
import type { GuardAnswer, GuardRequest } from './protocol.ts';

type ReportRequest = Extract<GuardRequest, { ask: 'report' }>;
type Committing = { readonly step: StepState; readonly attempt: AttemptState; readonly around: GuardSurroundings };

export async function commit(request: ReportRequest, view: View, committing: Committing): Promise<Round<GuardAnswer>> {
	const { step, attempt, around } = committing;
	const { report: said } = request;
	if (said.is !== 'done') return over();
	// Another attempt committed, or this one was ended: there is nothing left to commit, and nothing was written.
	if (step.end || attempt.end) return over();
	const control = await readControl(around.store, around.agent.name);
	if (!mayCommit(view.state, attempt) || control.frozen) return fail(view, committing, 'fenced-or-frozen');
	const writes = said.writes ?? [];
	const foreign = writes.find((write) => !toolOf(around).tables.includes(write.table));
	if (foreign) return fail(view, committing, 'foreign-table');
	if (malformed(writes as Write[])) return fail(view, committing, 'malformed-writes');
	const now = around.store.clock.now();
	const session = await issue(
		{ view, now },
		{ request, around },
		{
			access: around.commitAccess ?? [],
			attempt: `${attempt.attempt}`,
			role: 'commit',
		},
	);
	if ('why' in session) return fail(view, committing, 'over-long');
	const content = await contentOf(said, { view, step, around });
	const outcome = {
		kind: 'outcome',
		epoch: attempt.epoch,
		step: step.step,
		attempts: [attempt.attempt],
		result: 'done',
		by: 'guard',
		commit: session.grant.accessKeyId,
		...(content.malformed && { malformed: true as const }),
		...(content.facts.length > 0 && { facts: true as const }),
	} as const;
	const written = await append(around, view, outcome, {
		content: content.content,
		together: { writes: writes as Write[], session: session.credentials },
	});
	if (written.is === 'refused') return fail(view, committing, 'condition');
	return written.is === 'written' ? over() : 'again';
}

/** Whether some store could not make these writes in one transaction. */
function malformed(writes: readonly Write[]): boolean {
	try {
		checkWrites(writes);
		return false;
	} catch {
		return true;
	}
}

/** Known not to have happened: the step may be granted again. */
async function fail(view: View, { step, attempt, around }: Committing, reason: string): Promise<Round<GuardAnswer>> {
	const outcome = {
		kind: 'outcome',
		// The guard speaks now, for an attempt that may be of an earlier epoch.
		epoch: view.state.epoch,
		step: step.step,
		attempts: [attempt.attempt],
		result: 'failed',
		by: 'guard',
		reason,
	} as const;
	const written = await append(around, view, outcome);
	return written.is === 'written' ? { answer: { is: 'status', status: { status: 'again', waitSeconds: 1 } } } : 'again';
}

const mayCommit = (state: RunState, attempt: AttemptState): boolean => !isFenced(state, attempt.epoch) && !state.frozen && !state.closed;
