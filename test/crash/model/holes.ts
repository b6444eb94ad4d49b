/**
 * Holes that the rules close, each put back by taking its rule away at one place (or where two rules stand behind each
 * other, both). `scenario` is where a shortest schedule through it lies; its bounds are those of the shipped rules.
 */
import type { Mutation } from '../mutate/mutation.ts';

export type Hole = Mutation & { readonly scenario: string };

const judge = 'core/step/judge.ts';
const foldOutcome = 'core/ledger/fold-outcome.ts';
const grant = 'functions/guard/grant.ts';

export const holes: readonly Hole[] = [
	{
		name: 'deny-over-open',
		says: 'a denial ends a step while an attempt is open',
		scenario: 'policy-turns',
		edits: [
			{
				file: judge,
				find: ': doubt(step, asked);\n\tif (!harmless &&',
				replace: ': { is: "deny", opinion };\n\tif (!harmless &&',
			},
			{
				file: 'core/ledger/fold-decision.ts',
				find: "if (openAttempts(step).length > 0) return illegal('a denial over an open attempt');",
				replace: '',
			},
		],
	},
	{
		name: 'second-failure-ends-step',
		says: 'a failed second attempt ends its step while the first is open',
		scenario: 'replay',
		edits: [{ file: foldOutcome, find: 'if (openAttempts(step).length > 0 || !final)', replace: 'if (!final)' }],
	},
	{
		name: 'failed-by-target-ends-step',
		says: 'a failed that target or guard concluded ends a step that nobody has failed',
		scenario: 'lookup',
		edits: [{ file: foldOutcome, find: 'if (openAttempts(step).length > 0 || !final)', replace: 'if (openAttempts(step).length > 0)' }],
	},
	{
		name: 'claim-by-attempt',
		says: 'a claim is judged by the end of its holder’s attempt, not of its step',
		scenario: 'claims',
		edits: [
			{
				file: 'functions/guard/claim.ts',
				find: 'const end = holder?.state.end?.result;',
				replace: 'const end = holder?.state.end?.result ?? holder?.state.attempts.at(-1)?.end?.result;',
			},
		],
	},
	{
		name: 'person-before-the-wait',
		says: 'a person’s answer is taken before the wait is over',
		scenario: 'manual',
		edits: [
			{
				file: 'functions/decide/decide.ts',
				find: "const inDoubt = step?.hold?.for === 'doubt' && !step.hold.answered && !step.end;",
				replace: 'const inDoubt = open.length > 0;',
			},
			{
				file: foldOutcome,
				find: "if (step.end || step.hold?.for !== 'doubt' || step.hold.answered)",
				replace: 'if (step.end)',
			},
		],
	},
	{
		name: 'key-at-the-grant',
		says: 'a key is honoured when the attempt is granted, but not until the attempt’s end',
		scenario: 'replay',
		edits: [
			{
				file: judge,
				find: 'return asked.now + asked.windowMs + wrongMs <= first.at + asked.tool.keyHonouredForMs;',
				replace: 'return asked.now <= first.at + asked.tool.keyHonouredForMs;',
			},
		],
	},
	{
		name: 'plan-renumbered',
		says: 'a second plan that loses its place is renumbered, not thrown away',
		scenario: 'two-planners',
		edits: [
			{
				file: 'functions/plan/plan.ts',
				find: "if (written.is !== 'written') return 'again';\n\tconst { state } = written.view;",
				replace:
					"if (written.is !== 'written') return await recordCalls(event, await around.reader.read(event.run), around, proposed);\n\tconst { state } = written.view;",
			},
			{
				file: 'core/ledger/fold.ts',
				find: "if (state.driver === 'planner' && openSteps(state).length > 0) return illegal('planned while a step is open');",
				replace: '',
			},
		],
	},
	{
		name: 'freeze-read-once',
		says: 'a freeze is looked for before the append only',
		scenario: 'freeze-agent',
		edits: [{ file: grant, find: 'if (control.frozen) return withdraw(verdict.attempt, occasion);', replace: '' }],
	},
	{
		name: 'late-report-illegal',
		says: 'a report that comes after closed may not be recorded',
		scenario: 'close',
		edits: [
			{
				file: foldOutcome,
				find: 'if (!step) return foldTestimony(state, entry);',
				replace: "if (state.closed) return illegal('closed');\n\tif (!step) return foldTestimony(state, entry);",
			},
		],
	},
	{
		name: 'decision-not-remade',
		says: 'a decision that lost its place is handed out all the same',
		scenario: 'two-recoverers',
		edits: [
			{
				file: grant,
				find: "this session is never handed out.\n\tif (written.is !== 'written') return 'again';",
				replace: 'this session is never handed out.',
			},
		],
	},
	{
		name: 'wait-by-clocks',
		says: 'a wait is what clocks say is left of the grant, not a duration',
		scenario: 'clocks-apart',
		edits: [
			{
				file: judge,
				find: 'const longest = Math.max(...open.map((attempt) => attempt.windowMs));',
				replace: 'const longest = Math.max(-asked.marginMs, ...open.map((attempt) => attempt.notAfter - asked.now));',
			},
		],
	},
	{
		name: 'clock-ahead-unheeded',
		says: 'a guard whose clock is ahead by what is let pass does not count it into the window it records',
		scenario: 'clocks-within-margin',
		edits: [{ file: grant, find: 'windowMs: windowMs + Math.max(0, aheadMs),', replace: 'windowMs,' }],
	},
];
