/** Records of how things ended, laid beside what the sinks saw: before, and ever after. */
import type { EntryOf } from '../../../core/ledger/entry.ts';
import type { Effect } from '../../doubles/outside.ts';
import type { Account, StepAccount } from './account.ts';
import type { Finding } from './finding.ts';
import type { Seen } from './seen.ts';
import { actOn, actsAtSink, effectsOfStep, isGuess, toolNamed, type World } from './world.ts';

const each = (
	{ seen, accounts }: World,
	check: (seen: Seen, account: Account, step: StepAccount) => (string | undefined)[],
	kind: Finding['kind'],
): Finding[] =>
	accounts.flatMap((account) =>
		[...account.steps.values()].flatMap((step) =>
			check(seen, account, step).flatMap((says) => (says === undefined ? [] : [{ kind, run: account.seen.run, step: step.step, says }])),
		),
	);

/** S4: nobody writes down that something did not happen which did, or still could. */
export const guessed = (world: World): Finding[] => each(world, guesses, 'guessed');

function guesses(seen: Seen, { seen: { run } }: Account, step: StepAccount): (string | undefined)[] {
	const tool = toolNamed(seen, step.tool);
	if (!actsAtSink(tool)) return [];
	const effects = effectsOfStep(seen, run, step);
	const failed = step.outcomes.filter(({ result, stands }) => result === 'failed' && !stands);
	return [
		...failed.map((outcome) => {
			if (outcome.by === 'tool' && tool.lies) return undefined;
			if (outcome.by === 'person' && isGuess(actOn(seen, { run, step: step.step, is: ['failed'] }))) return undefined;
			const effect = effects.find(({ attempt }) => outcome.attempts.includes(attempt));
			return effect && `failed, says the ${outcome.by} at place ${outcome.place}; ${tool.sink} did it ${when(effect, outcome)}`;
		}),
		// A step that ended as a whole without one of its attempts having been looked at.
		step.end && step.end.result !== 'done' && failed.every((outcome) => outcome.by === 'tool' && !tool.lies)
			? effects
					.filter(({ attempt }) => !failed.some(({ attempts }) => attempts.includes(attempt)))
					.map(({ attempt }) => `${step.end?.result} at place ${step.end?.place}; ${tool.sink} did it in attempt ${attempt}`)[0]
			: undefined,
	];
}

const when = (effect: Effect, { place }: EntryOf<'outcome'>): string => {
	if (effect.stood < 0) return 'some time';
	return effect.stood > place ? 'after that' : 'before that';
};

/** S5: a step ends once; what says otherwise later says that it does. */
export const twoOutcomes = (world: World): Finding[] => each(world, contradictions, 'two-outcomes');

function contradictions(seen: Seen, _account: Account, step: StepAccount): (string | undefined)[] {
	if (toolNamed(seen, step.tool)?.effect === 'read') return [];
	const results = new Map<number, string>();
	const said: string[] = [];
	let end: string | undefined;
	const all = [
		...step.outcomes.map((outcome) => ({ place: outcome.place, outcome })),
		...step.denials.map((place) => ({ place, outcome: undefined })),
	].sort((left, right) => left.place - right.place);
	for (const { place, outcome } of all) {
		if (!outcome) {
			if (end) said.push(`denied at place ${place}, after it was ${end}`);
			end ??= 'denied';
			continue;
		}
		if (outcome.stands) end = outcome.result;
		if (outcome.stands || outcome.contradicts) continue;
		for (const attempt of outcome.attempts) {
			const before = results.get(attempt);
			if (before && before !== outcome.result) said.push(`attempt ${attempt} ${outcome.result} at place ${place}, ${before} before that`);
			results.set(attempt, before ?? outcome.result);
		}
		if (end && end !== 'done' && outcome.result === 'done') said.push(`done at place ${place}, after it was ${end}`);
		if (step.end?.place === place) end ??= outcome.result;
	}
	// What only says again what somebody else has established is testimony, however often it comes.
	const twice = step.outcomes.filter((one, index) => {
		const before = step.outcomes.findIndex((other) => other.attempts.some((attempt) => one.attempts.includes(attempt)));
		const first = step.outcomes[before];
		return before < index && first !== undefined && isRepeated(first, one);
	});
	return [...said, ...twice.map(({ place }) => `the same report again at place ${place}`)];
}

const isRepeated = (left: EntryOf<'outcome'>, right: EntryOf<'outcome'>): boolean =>
	left.by === 'tool' && right.by === 'tool' && left.result === right.result && left.attempts.join() === right.attempts.join();
