/** What somebody was told, or had a right to, and what is nowhere. */
import { parseStored, sha256 } from '../../../core/ledger/chain.ts';
import { type Account, type StepAccount, same } from './account.ts';
import type { Finding } from './finding.ts';
import type { Act, Seen, Wanted } from './seen.ts';
import { actOn, actsAtSink, effectsOfStep, isGuess, toolNamed, type World, wantedOf } from './world.ts';

export function lost({ seen, accounts }: World): Finding[] {
	return accounts.flatMap((account) => {
		const { run, told } = account.seen;
		if (account.entries.length === 0) return told === 'ok' ? [{ kind: 'lost' as const, run, says: 'it was opened, and is nowhere' }] : [];
		return [...toldDone(seen, account), ...notDone(seen, account), ...answers(seen, account), ...reports(seen, account)];
	});
}

/** The record says done, and the sink has never seen it. */
function toldDone(seen: Seen, { seen: { run }, steps }: Account): Finding[] {
	return [...steps.values()].flatMap((step): Finding[] => {
		const tool = toolNamed(seen, step.tool);
		if (step.end?.result !== 'done' || !actsAtSink(tool) || effectsOfStep(seen, run, step).length > 0) return [];
		const said = step.outcomes.find(({ place }) => place === step.end?.place);
		if (said?.by === 'tool' && tool.lies) return [];
		if (said?.by === 'person' && isGuess(actOn(seen, { run, step: step.step, is: ['done'] }))) return [];
		return [{ kind: 'lost', run, step: step.step, says: `done, says the ${said?.by ?? 'record'}; ${tool.sink} has nothing` }];
	});
}

/** Nothing stood in its way, the run is over, and it did not happen. */
function notDone(seen: Seen, account: Account): Finding[] {
	const { run, told, wanted } = account.seen;
	if (told !== 'ok' || !seen.rested || !account.entries.some(({ kind }) => kind === 'closed')) return [];
	const stopped = seen.acts.some(({ is, chain, told: answered }) => is === 'stop' && chain === run && answered !== 'fail');
	if (stopped) return [];
	const different = wanted.filter((call, index) => call.sure && index === wanted.findIndex((other) => isAlike(other, call)));
	return different.flatMap((call): Finding[] => {
		const asked = wanted.filter((other) => isAlike(other, call)).length;
		const steps = [...account.steps.values()].filter((step) => {
			const known = wantedOf(account, step);
			return known !== undefined && isAlike(known, call);
		});
		const ended = steps.filter((step) => step.end?.result === 'done' || isKnownToHaveFailed(seen, run, step)).length;
		return ended < asked
			? [{ kind: 'lost', run, says: `${call.tool} was asked for ${asked} times; ${ended} came to an end of their own` }]
			: [];
	});
}

const isAlike = (left: Wanted, right: Wanted): boolean => left.tool === right.tool && same(left.input, right.input);

/** Turned away by the sink itself, or settled by a person. */
function isKnownToHaveFailed(seen: Seen, run: string, step: StepAccount): boolean {
	if (step.end?.result !== 'failed') return false;
	const said = step.outcomes.find(({ place }) => place === step.end?.place);
	return said?.by === 'person' || seen.journal.refused.some((call) => call.run === run && call.step === step.step);
}

const kindOf = {
	approve: 'approval',
	refuse: 'approval',
	done: 'outcome',
	failed: 'outcome',
	freeze: 'frozen',
	thaw: 'thawed',
	stop: 'closed',
} as const;

/** Somebody's word was recorded, they were told, and it is not there. */
function answers(seen: Seen, { seen: { run } }: Account): Finding[] {
	return seen.acts
		.filter(({ told, chain }) => told === 'ok' && (chain === run || chain.startsWith('@')))
		.filter((act) => !isRecorded(seen, act))
		.map(
			({ is, step, chain }): Finding => ({
				kind: 'lost',
				run: chain,
				...(step !== undefined && { step }),
				says: `${is} was recorded, and is nowhere`,
			}),
		);
}

function isRecorded(seen: Seen, act: Act): boolean {
	const before = (seen.state.chains.get(act.chain) ?? []).slice(0, act.stood[act.chain]);
	return before.some((stored) => {
		const parsed = parseStored(stored);
		if ('broken' in parsed || parsed.entry.kind !== kindOf[act.is]) return false;
		const { entry } = parsed;
		if (entry.kind === 'approval') return entry.step === act.step && (entry.answer === 'approved') === (act.is === 'approve');
		return entry.kind !== 'outcome' || (entry.step === act.step && entry.by === 'person' && entry.result === act.is);
	});
}

/** L4: what a tool has reported, and its guard has taken, is never dropped. */
function reports(seen: Seen, { seen: { run }, steps }: Account): Finding[] {
	return seen.invocations.flatMap(({ event, answer }): Finding[] => {
		const report = reportIn(event);
		const step = report?.run === run ? steps.get(report.step) : undefined;
		const attempt = step?.attempts.find(({ tokenDigest }) => report && tokenDigest === sha256(report.token));
		if (!report || !step || !attempt || Object(answer).is !== 'status') return [];
		const kept = step.outcomes.some(({ attempts, contradicts }) => contradicts || attempts.includes(attempt.attempt));
		// A transaction that comes too late has committed nothing, and there is nothing to keep.
		if (kept || (step.end && toolNamed(seen, step.tool)?.effect === 'transaction')) return [];
		return [
			{ kind: 'lost', run, step: step.step, says: `attempt ${attempt.attempt} reported, its guard took it, and no outcome names it` },
		];
	});
}

function reportIn(event: unknown): { run: string; step: number; token: string } | undefined {
	const { ask, run, step, token, report } = Object(event);
	return ask === 'report' && (report?.is === 'done' || report?.is === 'failed') ? { run, step, token } : undefined;
}
