/** A denial, which ends the step, and a hold, which asks a person. Neither hands anything out. */
import { POLICIES_NAMED } from '../../core/bounds.ts';
import { append, type Round } from '../../core/ledger/append.ts';
import { contentDigest } from '../../core/ledger/content.ts';
import { openAttempts, stepOf } from '../../core/ledger/state.ts';
import type { Opinion } from '../../core/policy/opinion.ts';
import type { Verdict } from '../../core/step/judge.ts';
import { type Grounds, type Occasion, status, toolOf } from './occasion.ts';
import type { GuardAnswer } from './protocol.ts';

export async function denied(
	opinion: Extract<Opinion, { is: 'deny' }>,
	{ view, now, control }: Grounds,
	{ request, around }: Occasion,
	holder?: string,
): Promise<Round<GuardAnswer>> {
	const decision = {
		kind: 'decision',
		epoch: view.state.epoch,
		step: request.step,
		verdict: 'deny',
		reason: opinion.reason,
		effect: toolOf(around).effect,
		policies: opinion.policies.slice(0, POLICIES_NAMED),
		policyDigest: around.policies.digest,
		approved: false,
		...(control.heads.length > 0 && { controls: control.heads }),
	} as const;
	const content = {
		why: cutTo(opinion.why, 2_000),
		...(holder && { holder }),
		...(opinion.errors && { errors: opinion.errors.map((error) => cutTo(error, 500)) }),
	};
	const written = await append(around, view, decision, { content, at: now });
	return written.is === 'written' ? status({ status: 'ended' }) : 'again';
}

export async function held(
	verdict: Extract<Verdict, { is: 'hold' }>,
	{ view, call, now, key, control }: Grounds,
	{ request, around }: Occasion,
): Promise<Round<GuardAnswer>> {
	const tool = toolOf(around);
	const step = stepOf(view.state, request.step);
	const attempts = step ? openAttempts(step).map((attempt) => attempt.attempt) : [];
	const shown =
		verdict.for === 'approval'
			? verdict.opinion.shown
			: { agent: around.agent.name, run: view.state.run, tool: tool.name, ...call, attempts };
	const decision = {
		kind: 'decision',
		epoch: view.state.epoch,
		step: request.step,
		verdict: 'hold',
		reason: verdict.for,
		effect: tool.effect,
		policies: verdict.for === 'approval' ? verdict.opinion.policies.slice(0, POLICIES_NAMED) : [],
		policyDigest: around.policies.digest,
		approved: false,
		hold: { for: verdict.for, shown: contentDigest(key, 'shown', shown) },
		...(control.heads.length > 0 && { controls: control.heads }),
	} as const;
	const written = await append(around, view, decision, { content: { shown }, at: now });
	return written.is === 'written' ? status({ status: 'held' }) : 'again';
}

/** Cutting can leave half a surrogate pair, for which a ledger has no bytes. */
const cutTo = (text: string, characters: number): string => text.slice(0, characters).toWellFormed();
