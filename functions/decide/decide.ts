/**
 * People's answers: approvals, refusals, what became of a step in doubt, what stands after a contradiction, a thaw.
 * All come through here; each is recorded with its verified caller, and refused when no hold asks for it.
 */
import { APPROVAL_MS, CONTENT_BYTES } from '../../core/bounds.ts';
import { epochMs, type Json } from '../../core/ids.ts';
import { append, decideUntilPlaced, type Round, type Written } from '../../core/ledger/append.ts';
import { canonical } from '../../core/ledger/chain.ts';
import type { Content } from '../../core/ledger/content.ts';
import { entryAt, openContent, type View } from '../../core/ledger/read.ts';
import { openAttempts, type StepState, stepOf } from '../../core/ledger/state.ts';
import type { Surroundings } from '../surroundings.ts';

/** `shown` pins an approval to the digest the person saw; without it, to what is asked now. */
export type Answer =
	| { is: 'approve' | 'refuse'; step: number; shown?: string | undefined; note: string }
	| { is: 'done'; step: number; result: Json; note: string }
	| { is: 'failed'; step: number; note: string };
export type DecideEvent = { readonly run: string; readonly by: string; readonly answer: Answer };
export type DecideAnswer = { is: 'recorded'; run: string; step: number; place: number } | { is: 'refused'; why: string };

export function decide(event: DecideEvent, around: Surroundings): Promise<DecideAnswer> {
	const { answer } = event;
	return decideUntilPlaced(around.reader, { run: event.run }, async (view): Promise<Round<DecideAnswer>> => {
		const step = stepOf(view.state, answer.step);
		const contradicted = view.state.contradictions.some((other) => other.step === answer.step);
		if ((!step || step.end) && !contradicted)
			return refused(
				`step ${answer.step} of run ${event.run} ${answer.step < view.state.nextStep ? 'has ended' : 'does not exist'}; nothing is asked about it`,
			);
		const unfit = whyUnfit(answer);
		if (unfit) return refused(unfit);
		switch (answer.is) {
			case 'approve':
			case 'refuse':
				return approve(event, view, { step, answer }, around);
			case 'done':
			case 'failed':
				return settle(event, view, { step, contradicted, answer }, around);
		}
	});
}

const refused = (why: string): { answer: DecideAnswer } => ({ answer: { is: 'refused', why } });

/** Why no ledger could hold the answer, if none could. */
function whyUnfit(answer: Answer): string | undefined {
	let size: number;
	try {
		size = Buffer.byteLength(canonical(answer));
	} catch {
		return 'the answer holds half a surrogate pair, for which a ledger has no bytes';
	}
	return size > CONTENT_BYTES / 2 ? `the answer has ${size} bytes; a ledger takes ${CONTENT_BYTES / 2}` : undefined;
}

type Approve = { step: StepState | undefined; answer: Extract<Answer, { shown?: string | undefined }> };

async function approve(event: DecideEvent, view: View, { step, answer }: Approve, around: Surroundings): Promise<Round<DecideAnswer>> {
	const hold = step?.hold;
	if (!step || !hold || hold.answered || hold.for !== 'approval')
		return refused(
			`step ${answer.step} of run ${event.run} asks for no approval${hold?.for === 'doubt' ? '; it is in doubt: settle it' : ''}`,
		);
	if (answer.shown !== undefined && answer.shown !== hold.shown)
		return refused(`step ${answer.step} asks about something else than ${answer.shown.slice(0, 12)}… now; look at it again`);
	const now = around.store.clock.now();
	const approval = {
		kind: 'approval',
		epoch: view.state.epoch,
		step: answer.step,
		answer: answer.is === 'approve' ? 'approved' : 'refused',
		shown: hold.shown,
		by: event.by,
		expiresAt: epochMs.parse(now + APPROVAL_MS),
	} as const;
	return placed(event, await append(around, view, approval, { content: { note: answer.note }, at: now }), answer.step);
}

type Settle = { step: StepState | undefined; contradicted: boolean; answer: Exclude<Answer, { is: 'approve' | 'refuse' }> };

async function settle(
	event: DecideEvent,
	view: View,
	{ step, contradicted, answer }: Settle,
	around: Surroundings,
): Promise<Round<DecideAnswer>> {
	const open = step ? openAttempts(step).map((attempt) => attempt.attempt) : [];
	const inDoubt = step?.hold?.for === 'doubt' && !step.hold.answered && !step.end;
	if (!contradicted && !inDoubt) return refused(whyNotInDoubt(event, step, answer.step));
	const outcome = {
		kind: 'outcome',
		epoch: view.state.epoch,
		step: answer.step,
		attempts: contradicted ? (step?.attempts.map((attempt) => attempt.attempt) ?? [1]) : open,
		result: answer.is,
		by: 'person',
		who: event.by,
		...(contradicted && { stands: true as const }),
	} as const;
	const content: Content<'outcome'> = answer.is === 'done' ? { result: answer.result, reason: answer.note } : { reason: answer.note };
	return placed(event, await append(around, view, outcome, view.key ? { content } : {}), answer.step);
}

/** S2: a person's answer is taken only once the wait is over and the step is held. */
function whyNotInDoubt(event: DecideEvent, step: StepState | undefined, number: number): string {
	if (step?.hold?.for === 'approval')
		return `step ${number} of run ${event.run} asks for an approval, not for an outcome: approve or refuse it`;
	if (step && openAttempts(step).length > 0)
		return `step ${number} of run ${event.run} has an attempt that may still act; it is a person's only after the wait: resume the run first`;
	return `step ${number} of run ${event.run} is not in doubt`;
}

const placed = (event: DecideEvent, written: Written, step: number): Round<DecideAnswer> =>
	written.is === 'written' ? { answer: { is: 'recorded', run: event.run, step, place: written.entry.place } } : 'again';

/** What a held step asks, opened for the person who is to answer. */
export async function shownOf(view: View, step: StepState, around: Surroundings): Promise<{ digest: string; shown: Json } | undefined> {
	if (!step.hold) return undefined;
	const entry = await entryAt(around.store, view, step.hold.place);
	const content = entry.kind === 'decision' ? await openContent(around.store, entry, view.key) : undefined;
	return { digest: step.hold.shown, shown: (content?.shown ?? null) as Json };
}
