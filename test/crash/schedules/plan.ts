/** What one random schedule consists of, before its turns are drawn: the tasks, the place they run in, and what happens on the way. */
import fc from 'fast-check';
import { type Fault, faults } from '../../../adapters/memory/faults.ts';
import { budgets, type SpendBudget, type ToolName, toolNames } from './agent.ts';

export type PlannedCall = { readonly tool: ToolName; readonly what: string; readonly cents: number };

/**
 * `left-behind`: the caller goes on without an answer while the called still works. `side-by-side`: delivered twice at once.
 * `pause`: this process stops here and wakes so much later. `time`: everything here is slow, and the next timer is faster.
 * `host`: all executions die. `report-again`: an earlier report arrives once more; `opposite`, saying the contrary.
 */
export type Happens =
	| { readonly is: 'fault'; readonly fault: Fault }
	| { readonly is: 'left-behind' | 'side-by-side' | 'time' | 'host' | 'recover' | 'answer' | 'early-answer' | 'thaw' | 'stop' }
	| { readonly is: 'pause'; readonly ms: number }
	| { readonly is: 'freeze'; readonly scope: 'run' | 'agent' | 'all' }
	| { readonly is: 'report-again'; readonly opposite: boolean };
/**
 * It happens to the first crossing from number `at` on that it can happen to, and that is at the port `where`, if it names
 * one. A fault that comes more than once goes on at the same port.
 */
export type Happening = { readonly at: number; readonly where: Where | null; readonly times: number; readonly what: Happens };
export type Where = 'sink.act' | 'ledger.append' | 'guard.ask' | 'invoke';

export type Plan = {
	/** By run: its plans, one after another; the calls of one go side by side. */
	readonly runs: readonly (readonly (readonly PlannedCall[])[])[];
	readonly spend: SpendBudget;
	/** A tool whose calls need a person's approval, and a thing that is forbidden. */
	readonly asks: ToolName | null;
	readonly forbidden: string | null;
	/** Processes that begin take these in turn: how far their clocks are wrong, and whether they are used again. */
	readonly skewsMs: readonly number[];
	readonly warm: readonly boolean[];
	/** Where a host that dies takes its processes with it, and where they go on. */
	readonly host: 'takes-its-processes' | 'leaves-them';
	/** Whether the rule on failed executions fires, or the sweeper has to find them. */
	readonly rule: boolean;
	/** Whether the sweeper and people come at once, or only when nothing is left asleep. */
	readonly prompt: boolean;
	/** Whether retries come at once. */
	readonly hasty: boolean;
	readonly happenings: readonly Happening[];
};

const call = fc.record({ tool: fc.constantFrom(...toolNames), what: fc.constantFrom('a', 'b'), cents: fc.integer({ min: 1, max: 4 }) });
const calls = fc.array(call, { minLength: 1, maxLength: 2 });
const run = fc.array(calls, { minLength: 1, maxLength: 2 });
const short = fc.tuple(calls);
/** Small, since what goes wrong goes wrong in little; two runs may ask for the same thing. */
const runs = fc.oneof(
	{ weight: 6, arbitrary: fc.tuple(run) },
	{ weight: 2, arbitrary: fc.tuple(short, short) },
	{ weight: 2, arbitrary: short.map((both) => [both, both]) },
);

const TEN_MINUTES_MS = 600_000;
/** Most clocks are right; some are wrong by what a guard lets pass, some by much. */
const skew = fc.oneof(
	{ weight: 5, arbitrary: fc.constant(0) },
	{ weight: 2, arbitrary: fc.integer({ min: -1_500, max: 1_500 }) },
	{ weight: 1, arbitrary: fc.integer({ min: -TEN_MINUTES_MS, max: TEN_MINUTES_MS }) },
);

/** Shorter than any timeout, past the tool's, past every wait, past the time that keys are honoured. */
const pauseMs = fc.constantFrom(2_000, 9_900, 10_400, 12_000, 20_000, 45_000, 70_000, 1_200_000);

const happens: fc.Arbitrary<Happens> = fc.oneof(
	{ weight: 14, arbitrary: fc.record({ is: fc.constant('fault' as const), fault: fc.constantFrom(...faults) }) },
	{ weight: 3, arbitrary: fc.record({ is: fc.constant('pause' as const), ms: pauseMs }) },
	{ weight: 4, arbitrary: fc.record({ is: fc.constantFrom('left-behind' as const, 'side-by-side' as const, 'time' as const) }) },
	{ weight: 4, arbitrary: fc.record({ is: fc.constantFrom('host' as const, 'recover' as const) }) },
	{
		weight: 3,
		arbitrary: fc.record({ is: fc.constantFrom('answer' as const, 'early-answer' as const, 'thaw' as const, 'stop' as const) }),
	},
	{
		weight: 1,
		arbitrary: fc.record({ is: fc.constant('freeze' as const), scope: fc.constantFrom('run' as const, 'agent' as const, 'all' as const) }),
	},
	{ weight: 1, arbitrary: fc.record({ is: fc.constant('report-again' as const), opposite: fc.boolean() }) },
);

const where: fc.Arbitrary<Where | null> = fc.oneof(
	{ weight: 5, arbitrary: fc.constant(null) },
	{ weight: 3, arbitrary: fc.constantFrom('sink.act' as const, 'ledger.append' as const, 'guard.ask' as const, 'invoke' as const) },
);
/** Now and then as often as uses up whatever tries again. */
const times = fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(7) });

const LAST_CROSSING = 90;
const happening: fc.Arbitrary<Happening> = fc.record({ at: fc.nat(LAST_CROSSING), where, times, what: happens });
/** Often enough, an attempt that sleeps where it hurts: right before its target, past every wait or a little short of it. */
const sleeper: fc.Arbitrary<Happening[]> = fc.array(
	fc.record({
		at: fc.nat(LAST_CROSSING / 2),
		where: fc.constant('sink.act' as const),
		times: fc.constant(1),
		what: fc.record({ is: fc.constant('pause' as const), ms: fc.integer({ min: 9_000, max: 40_000 }) }),
	}),
	{ maxLength: 1 },
);

export const plans: fc.Arbitrary<Plan> = fc.record({
	runs,
	spend: fc.constantFrom(...budgets),
	asks: fc.option(fc.constantFrom(...toolNames), { freq: 4 }),
	forbidden: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant('b') }),
	// Where all clocks are wrong nothing is ever granted, which takes long and tells little.
	skewsMs: fc.oneof(
		{ weight: 3, arbitrary: fc.constant([0]) },
		{ weight: 2, arbitrary: fc.array(skew, { minLength: 1, maxLength: 3 }).map((some) => [0, ...some]) },
	),
	warm: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
	host: fc.constantFrom('takes-its-processes' as const, 'leaves-them' as const),
	rule: fc.boolean(),
	prompt: fc.boolean(),
	hasty: fc.boolean(),
	happenings: fc.tuple(fc.array(happening, { maxLength: 6 }), sleeper).map(([some, asleep]) => [...some, ...asleep]),
});
