/** Besides the known holes: for each invariant that none of those breaks, a rule without which it goes red. */
import type { Hole } from './holes.ts';

const judge = 'core/step/judge.ts';
const foldOutcome = 'core/ledger/fold-outcome.ts';
const foldDecision = 'core/ledger/fold-decision.ts';
const report = 'functions/guard/report.ts';

export const brokenRules: readonly Hole[] = [
	{
		name: 'no-fence',
		says: 'an execution of an earlier epoch decides as if it were the present one',
		scenario: 'two-recoverers',
		edits: [
			{ file: judge, find: "if (isFenced(state, asked.epoch)) return { is: 'fenced', epoch: state.epoch };", replace: '' },
			{
				file: 'core/ledger/fold.ts',
				find: "if (entry.kind !== 'outcome' && entry.epoch !== state.epoch +",
				replace: 'if (NaN === state.epoch +',
			},
			{
				file: 'functions/guard/grant.ts',
				find: "kind: 'decision',\n\t\tepoch: view.state.epoch,",
				replace: "kind: 'decision',\n\t\tepoch: request.epoch,",
			},
		],
	},
	{
		name: 'second-attempt-at-once',
		says: 'a cut-off attempt is granted again whatever its tool says',
		scenario: 'manual',
		edits: [
			{
				file: judge,
				find: "if (!harmless && !(asked.tool.effect === 'replay' && keyStillHonoured(step, asked))) return doubt(step, asked);",
				replace: '',
			},
			{ file: foldDecision, find: 'if (openAttempts(step).length > 0 && !regrantable.has(entry.effect))', replace: 'if (NaN > 0)' },
		],
	},
	{
		name: 'lookup-before-it-shows',
		says: 'a lookup does not wait for what the target may still hide',
		scenario: 'lookup',
		edits: [{ file: judge, find: 'asked.tool.canLookUp ? asked.tool.visibleWithinMs : 0', replace: '0' }],
	},
	{
		name: 'absent-is-done',
		says: 'a lookup that found nothing is recorded as done',
		scenario: 'lookup',
		edits: [{ file: report, find: "said.is === 'found' ? 'done' : 'failed'", replace: "'done'" }],
	},
	{
		name: 'ends-twice',
		says: 'a second outcome of an ended step ends it anew',
		scenario: 'replay',
		edits: [{ file: foldOutcome, find: 'if (step.end) return withStep(state, step);', replace: '' }],
	},
	{
		name: 'agreement-contradicts',
		says: 'two records that say the same are held to contradict',
		scenario: 'lookup',
		edits: [
			{
				file: foldOutcome,
				find: 'if (ended.some((end) => end.result !== entry.result)) return true;',
				replace: 'if (ended.length > 0) return true;',
			},
		],
	},
	{
		name: 'contradiction-dropped',
		says: 'a late report that contradicts the record is not recorded',
		scenario: 'liar',
		edits: [
			{
				file: report,
				find: 'if (contradicts && view.state.contradictions.some((other) => other.step === request.step))',
				replace: 'if (contradicts)',
			},
		],
	},
	{
		name: 'granted-after-closed',
		says: 'a closed run is granted its open step again',
		scenario: 'transaction-frozen',
		edits: [
			{ file: judge, find: "if (state.closed) return { is: 'deny'", replace: "if (NaN > 0) return { is: 'deny'" },
			{ file: foldDecision, find: "if (state.closed) return illegal('nothing is granted after closed');", replace: '' },
		],
	},
	{
		name: 'budget-unheeded',
		says: 'what a run has spent is not counted',
		scenario: 'budget',
		edits: [
			{
				file: 'core/policy/opinion.ts',
				find: 'if (state.budget.spend === null || state.spend + more <= state.budget.spend) return undefined;',
				replace: 'if (NaN !== more) return undefined;',
			},
		],
	},
	{
		name: 'approval-unheeded',
		says: 'what a person must allow is allowed without one',
		scenario: 'approval',
		edits: [
			{
				file: 'core/policy/opinion.ts',
				find: "return approval?.answer === 'approved' &&",
				replace: "return approval?.answer !== 'refused' ||",
			},
		],
	},
	{
		name: 'never-taken-up',
		says: 'a run with a step open is held to wait for a person',
		scenario: 'manual',
		edits: [
			{
				file: 'functions/resume/resume.ts',
				find: 'const held = open.length > 0 && open.every(isHeld);',
				replace: 'const held = open.length > 0;',
			},
		],
	},
];
