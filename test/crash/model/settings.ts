/** What one scenario explores: an installation, what may befall it, and how often. Every bound of the search stands here. */
import type { Effect } from '../../../core/ids.ts';

/** Whole seconds: one tick of the model's time is one second. */
export const TIMEOUT_SECONDS = 1;
export const MARGIN_MS = 1_000;
/** How long a target may hide an effect: longer than what a wait without it leaves over by chance. */
export const VISIBLE_SECONDS = 3;
/** A replay is granted again for a second: until `HONOURED − window − 2 (margin + 1)`. */
export const HONOURED_SECONDS = 7;
/** Ages above this make no difference to anybody, so they are not told apart. */
export const OLD_SECONDS = 8;
/** How often the bounded things may happen, in one schedule. */
export type Faults = {
	/** An answer is lost while whoever gives it goes on: a zombie. It may do all it could, or nothing any more. */
	readonly zombies: number;
	/** An execution ends: the run's and its steps' at once. */
	readonly kills: number;
	/** A run is taken up again. */
	readonly resumes: number;
	/** A tool says that it failed and will not happen. */
	readonly failures: number;
	/** Answers of persons. */
	readonly answers: number;
	readonly freezes: number;
	readonly closes: number;
	/** The policies of the moment become others. */
	readonly policyChanges: number;
	/** A report arrives once more. */
	readonly repeats: number;
	/** A lookup gets no answer. */
	readonly unanswered: number;
	/** A person says otherwise than it was. */
	readonly lies: number;
};

export type PolicyMode = 'allow' | 'deny' | 'ask';

export type Scenario = {
	readonly name: string;
	readonly says: string;
	readonly effect: Effect;
	readonly canLookUp: boolean;
	readonly fencedBy: 'credentials' | 'runtime';
	/** Runs, all on one business key where the tool has one. */
	readonly runs: number;
	readonly keyed: boolean;
	/** Calls in the first plan, all of one tool. */
	readonly calls: number;
	/** How many effects all runs together may have. */
	readonly effectsAtMost: number;
	/** Of each call, and what a run may spend. */
	readonly spend: number;
	readonly budget: number | null;
	/** Whether the run begins with its intent recorded; otherwise its planner is asked. */
	readonly planned: boolean;
	/** Whether the planner saves memory along with its calls. */
	readonly remembers: boolean;
	readonly policy: PolicyMode;
	/** Policies that may come to hold. */
	readonly policies: readonly PolicyMode[];
	/** What freezes reach: the agent's control chain, or the run's own ledger. */
	readonly freezes: 'agent' | 'run';
	/** Whether a run is taken up again while an execution of it is alive. */
	readonly spurious: boolean;
	/** By how many seconds a guard's clock may be ahead. */
	readonly skews: readonly number[];
	/** Whether the times in the ledger pass, for rules that read them. */
	readonly timed: boolean;
	/** Whether steps that checkpoints have dropped are told apart by their whole history. */
	readonly exact: boolean;
	readonly faults: Faults;
	/** Bounds of `core/bounds.ts` made small, so that the search reaches them. */
	readonly bounds: Readonly<Record<string, number>>;
};

const none: Faults = {
	zombies: 0,
	kills: 0,
	resumes: 0,
	failures: 0,
	answers: 0,
	freezes: 0,
	closes: 0,
	policyChanges: 0,
	repeats: 0,
	unanswered: 0,
	lies: 0,
};

const plain: Omit<Scenario, 'name' | 'says' | 'effect' | 'faults'> = {
	canLookUp: false,
	fencedBy: 'runtime',
	runs: 1,
	keyed: false,
	calls: 1,
	effectsAtMost: 1,
	spend: 0,
	budget: null,
	planned: true,
	remembers: false,
	policy: 'allow',
	policies: [],
	freezes: 'agent',
	spurious: false,
	skews: [0],
	timed: false,
	exact: false,
	bounds: { ATTEMPTS_PER_STEP: 3, LOOKUPS_PER_STEP: 2 },
};

type Spec = Pick<Scenario, 'name' | 'says' | 'effect'> & Partial<Omit<Scenario, 'faults'>> & { faults: Partial<Faults> };
/** A scenario from what it does not share with the plain one. */
export const scenario = ({ faults, ...spec }: Spec): Scenario => ({ ...plain, ...spec, faults: { ...none, ...faults } });
