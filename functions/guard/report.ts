/**
 * What a tool reports of its own attempt, with the token that came with the grant. It can say how that attempt ended
 * and rewrite nothing; a late report from a fenced attempt is evidence, never dropped (L4).
 */
import { timingSafeEqual } from 'node:crypto';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import { contradicted } from '../../core/ledger/fold-outcome.ts';
import { entriesFrom, readStep, type View } from '../../core/ledger/read.ts';
import { type AttemptState, type StepState, stepOf } from '../../core/ledger/state.ts';
import type { GuardSurroundings } from '../surroundings.ts';
import { commit } from './commit.ts';
import { ended as over, refused, toolOf } from './occasion.ts';
import { contentOf } from './outcome-content.ts';
import type { GuardAnswer, GuardRequest } from './protocol.ts';

export type ReportRequest = Extract<GuardRequest, { ask: 'report' }>;
/** Of whose doing the report speaks: an attempt, or a lookup about several. */
type About = { is: 'attempt'; attempt: AttemptState } | { is: 'lookup'; attempts: number[] };

export function report(request: ReportRequest, around: GuardSurroundings): Promise<GuardAnswer> {
	const tool = toolOf(around);
	return decideUntilPlaced(around.reader, request, async (view): Promise<Round<GuardAnswer>> => {
		const kept = stepOf(view.state, request.step);
		// Ended so long ago that a checkpoint has dropped it: read on from where the caller says it was, or the start.
		const step = kept ?? (await readStep(around.store, request.run, request))?.state;
		if (!step || step.tool !== tool.name) return refused(`run ${request.run} has no step ${request.step} of ${tool.name}`);
		const about = spokenOf(step, request.token);
		if (!about) return refused(`the report token is not one of step ${request.step}`);
		return about.is === 'lookup'
			? found(request, view, { step, attempts: about.attempts, around })
			: ended(request, view, { step, attempt: about.attempt, around });
	});
}

function spokenOf(step: StepState, token: string): About | undefined {
	const given = Buffer.from(sha256(token));
	const matches = (digest: string): boolean => timingSafeEqual(given, Buffer.from(digest));
	const attempt = step.attempts.find((candidate) => matches(candidate.tokenDigest));
	if (attempt) return { is: 'attempt', attempt };
	return step.asked && matches(step.asked.tokenDigest) ? { is: 'lookup', attempts: step.asked.attempts } : undefined;
}

type Ended = { readonly step: StepState; readonly attempt: AttemptState; readonly around: GuardSurroundings };

async function ended(request: ReportRequest, view: View, { step, attempt, around }: Ended): Promise<Round<GuardAnswer>> {
	const { report: said } = request;
	if (said.is !== 'done' && said.is !== 'failed') return refused('an attempt reports done or failed');
	const tool = toolOf(around);
	if (tool.effect === 'transaction' && said.is === 'done') return commit(request, view, { step, attempt, around });
	// The same report twice: the first one counts, whoever has had the last word on this attempt since.
	if (attempt.end?.by === 'tool' && attempt.end.result === said.is) return over();
	if (attempt.end && (await wasSaid(view, { step, attempt, around }, said.is))) return over();
	const content = await contentOf(said, { view, step, around });
	const contradicts = contradicted(step, { attempts: [attempt.attempt], result: said.is });
	// Held against the run already: saying it again adds nothing.
	if (contradicts && view.state.contradictions.some((other) => other.step === request.step)) return over();
	const outcome = {
		kind: 'outcome',
		epoch: attempt.epoch,
		step: request.step,
		attempts: [attempt.attempt],
		result: said.is,
		by: 'tool',
		...(contradicts && { contradicts: true as const }),
		...(content.malformed && { malformed: true as const }),
		...(content.facts.length > 0 && { facts: true as const }),
	} as const;
	const written = await append(around, view, outcome, view.key ? { content: content.content } : {});
	return written.is === 'written' ? over() : 'again';
}

/** Only the entries know it: a target, or a person, may have said how the attempt ended, and its tool too. */
async function wasSaid(view: View, { step, attempt, around }: Ended, result: 'done' | 'failed'): Promise<boolean> {
	const since = await entriesFrom(around.store, view, attempt.place);
	return since.some(
		(entry) =>
			entry.kind === 'outcome' &&
			entry.by === 'tool' &&
			entry.step === step.step &&
			entry.result === result &&
			entry.attempts.includes(attempt.attempt),
	);
}

type Asked = { readonly step: StepState; readonly attempts: number[]; readonly around: GuardSurroundings };

/** The target's own answer about attempts that can act no more. */
async function found(request: ReportRequest, view: View, { step, attempts, around }: Asked): Promise<Round<GuardAnswer>> {
	const { report: said } = request;
	if (said.is !== 'found' && said.is !== 'absent') return refused('a lookup reports found or absent');
	const open = attempts.filter((number) => step.attempts[number - 1]?.end === null);
	// Ended meanwhile by somebody who knew: what the target says now is a note, and adds nothing.
	if (open.length === 0 || step.end) return over();
	const result = said.is === 'found' ? 'done' : 'failed';
	const content = await contentOf(
		said.is === 'found' ? { ...said, is: 'done' } : { is: 'failed', reason: 'the target has no trace of it' },
		{
			view,
			step,
			around,
		},
	);
	const outcome = {
		kind: 'outcome',
		epoch: view.state.epoch,
		step: request.step,
		attempts: open,
		result,
		by: 'target',
		restsOn: toolOf(around).fencedBy,
		...(content.malformed && { malformed: true as const }),
		...(content.facts.length > 0 && { facts: true as const }),
	} as const;
	const written = await append(around, view, outcome, view.key ? { content: content.content } : {});
	if (written.is !== 'written') return 'again';
	return said.is === 'found' ? over() : { answer: { is: 'status', status: { status: 'again', waitSeconds: 0 } } };
}
