// S1..S5, L4, I1: whatever a guard may be asked, its verdict breaks no promise. Naive guards beside it break each of them.
import { expect, test } from 'vitest';
import { ATTEMPTS_PER_STEP, LOOKUPS_PER_STEP } from '../../core/bounds.ts';
import { openAttempts, stepOf } from '../../core/ledger/state.ts';
import { judge, type Verdict } from '../../core/step/judge.ts';
import { type Case, cases, type Judge, KEY_MS } from './judging.ts';
import { MARGIN_MS, opinions } from './stories/story.ts';

const all = [...cases()];

/** The promise that `verdict` breaks, if any. */
function broken({ state, asked, effect }: Case, verdict: Verdict): string | undefined {
	const step = stepOf(state, asked.step);
	const open = step ? openAttempts(step) : [];
	const numbers = open.map(({ attempt }) => attempt);
	const harmless = effect === 'read' || effect === 'transaction';
	const writes = !['ended', 'fenced', 'held', 'in-doubt', 'act-again'].includes(verdict.is);
	const stopped = state.contradictions.length > 0 || state.frozen !== null || asked.frozen;
	if (writes && asked.epoch !== state.epoch) return 'L4 a fenced guard writes';
	if (writes && (!step || step.end)) return 'S3 a step that has ended is written about';
	if (writes && stopped) return 'I1 something is written while the run is stopped';
	const waited =
		asked.phase.is === 'settle' && numbers.every((attempt) => asked.phase.is === 'settle' && asked.phase.waitedFor.includes(attempt));
	switch (verdict.is) {
		case 'grant': {
			if (state.closed) return 'S5 a grant after closed';
			if (asked.opinion === undefined || verdict.opinion.is !== 'allow') return 'I3 a grant without an allow';
			if (step?.hold && !step.hold.answered) return 'S4 a grant while a person is asked';
			if ((step?.attempts.length ?? 0) >= ATTEMPTS_PER_STEP) return 'S5 more attempts than there may be';
			if (open.length === 0 || harmless) return undefined;
			if (effect !== 'replay') return 'S2 a second attempt while one may still act';
			const first = Math.min(...(step?.attempts ?? []).filter((attempt) => attempt.end?.result !== 'failed').map((attempt) => attempt.at));
			return asked.now + asked.windowMs + MARGIN_MS > first + KEY_MS - MARGIN_MS ? 'S2 a second attempt after the key’s time' : undefined;
		}
		case 'deny':
			return open.length > 0 ? 'S3 a denial over an open attempt' : undefined;
		case 'end-open':
			if (!harmless) return 'S4 an attempt is said to have failed by a guess';
			return numbers.every((attempt) => verdict.attempts.includes(attempt)) ? undefined : 'S4 an open attempt is left out';
		case 'look-up':
			if (!waited) return 'S4 the target is asked before the wait is over';
			if (!asked.tool.canLookUp || (step?.lookups ?? 0) >= LOOKUPS_PER_STEP) return 'S5 the target is asked in vain';
			return JSON.stringify(verdict.asks) === JSON.stringify(numbers) && open.length > 0
				? undefined
				: 'S4 the target is asked about something else';
		case 'hold':
			if (verdict.for === 'approval') return asked.phase.is === 'act' ? undefined : 'S4 an approval is asked for while settling';
			if (!waited || open.length === 0) return 'S4 a person is asked before the wait is over';
			return harmless ? 'S5 a person is asked about nothing' : undefined;
		case 'in-doubt': {
			const longest = Math.max(...open.map(({ windowMs }) => windowMs));
			if (verdict.waitMs < longest + MARGIN_MS + (asked.tool.canLookUp ? asked.tool.visibleWithinMs : 0))
				return 'S2 a wait that is too short';
			return JSON.stringify(verdict.attempts) === JSON.stringify(numbers) ? undefined : 'S2 an open attempt is not waited for';
		}
		case 'ended':
			return step && !step.end ? 'S5 a step that is open is left alone' : undefined;
		default:
			return undefined;
	}
}

const breaches = (guard: Judge): string[] => {
	const found = all.flatMap((each) => {
		const why = broken(each, guard(each.state, each.asked));
		return why ? [`${why}: ${each.name}`] : [];
	});
	return found;
};

test('there are thousands of cases', () => {
	expect(all.length).toBeGreaterThan(10_000);
});

test('S1..S5 in none of them the verdict breaks a promise', () => {
	expect(breaches(judge)).toEqual([]);
});

const naive: Readonly<Record<string, [promise: string, guard: Judge]>> = {
	'grants every open step at once': [
		'S2 a second attempt while one may still act',
		(state, asked) => {
			const verdict = judge(state, asked);
			const attempt = (stepOf(state, 1)?.attempts.length ?? 0) + 1;
			return verdict.is === 'in-doubt' && asked.phase.is === 'act' && !state.closed && attempt <= ATTEMPTS_PER_STEP
				? { is: 'grant', attempt, opinion: opinions.allow }
				: verdict;
		},
	],
	'trusts a key for ever': [
		'S2 a second attempt after the key’s time',
		(state, asked) => judge(state, { ...asked, tool: { ...asked.tool, keyHonouredForMs: asked.tool.keyHonouredForMs * 1_000 } }),
	],
	'counts a key’s time from the last attempt': [
		'S2 a second attempt after the key’s time',
		(state, asked) => {
			const step = stepOf(state, 1);
			const last = step?.attempts.at(-1);
			if (!step || !last) return judge(state, asked);
			const attempts = step.attempts.map((attempt) => ({ ...attempt, at: last.at }));
			return judge({ ...state, steps: { ...state.steps, 1: { ...step, attempts } } }, asked);
		},
	],
	'denies over an open attempt': [
		'S3 a denial over an open attempt',
		(state, asked) => {
			const verdict = judge(state, asked);
			return (verdict.is === 'end-open' || verdict.is === 'in-doubt') && asked.phase.is === 'act'
				? { is: 'deny', opinion: opinions.deny }
				: verdict;
		},
	],
	'takes what was cut off for failed': [
		'S4 an attempt is said to have failed by a guess',
		(state, asked) => {
			const verdict = judge(state, asked);
			return verdict.is === 'in-doubt' ? { is: 'end-open', attempts: verdict.attempts } : verdict;
		},
	],
	'settles without waiting': [
		'S4 the target is asked before the wait is over',
		(state, asked) => {
			const verdict = judge(state, asked);
			return verdict.is === 'in-doubt' && asked.tool.canLookUp && (stepOf(state, 1)?.lookups ?? 0) < LOOKUPS_PER_STEP
				? { is: 'look-up', asks: verdict.attempts }
				: verdict;
		},
	],
	'waits for the last attempt only': [
		'S2 a wait that is too short',
		(state, asked) => {
			const verdict = judge(state, asked);
			const last = stepOf(state, 1)?.attempts.at(-1);
			return verdict.is === 'in-doubt' && last
				? { ...verdict, waitMs: last.windowMs + MARGIN_MS + (asked.tool.canLookUp ? asked.tool.visibleWithinMs : 0) }
				: verdict;
		},
	],
	'does not look for a freeze': [
		'I1 something is written while the run is stopped',
		(state, asked) => judge({ ...state, frozen: null }, { ...asked, frozen: false }),
	],
	'does not look at contradictions': [
		'I1 something is written while the run is stopped',
		(state, asked) => judge({ ...state, contradictions: [] }, asked),
	],
	'does not look at epochs': ['L4 a fenced guard writes', (state, asked) => judge(state, { ...asked, epoch: state.epoch })],
	'does not look at the close': ['S5 a grant after closed', (state, asked) => judge({ ...state, closed: null }, asked)],
	'does not wait for a person': [
		'S4 a grant while a person is asked',
		(state, asked) => {
			const verdict = judge(state, asked);
			return verdict.is === 'held' && verdict.for === 'approval' ? { is: 'grant', attempt: 1, opinion: opinions.allow } : verdict;
		},
	],
	'grants for ever': [
		'S5 more attempts than there may be',
		(state, asked) => {
			const step = stepOf(state, 1);
			return step
				? judge({ ...state, steps: { ...state.steps, 1: { ...step, attempts: step.attempts.slice(-2) } } }, asked)
				: judge(state, asked);
		},
	],
};

test.for(Object.entries(naive))('the control: a guard that %s breaks one', ([, [promise, guard]]) => {
	expect(breaches(guard).some((breach) => breach.startsWith(promise))).toBe(true);
});
