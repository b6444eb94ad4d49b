/** The place a schedule is played in: the functions that ship, the deployed state machines, sinks, a desk, and turns for all of them. */
import { emptyState, type MemoryState } from '../../../adapters/memory/store.ts';
import type { Json } from '../../../core/ids.ts';
import type { StepState } from '../../../core/ledger/state.ts';
import type { Agent } from '../../../index.ts';
import { type FunctionsOptions, functionsOf } from '../../doubles/functions.ts';
import { fakeIssuer } from '../../doubles/issuer.ts';
import { fakePolicies } from '../../doubles/policies.ts';
import { seededRandomness } from '../../doubles/time.ts';
import { agents } from './agent.ts';
import { befallingOf, mayBefall } from './befalling.ts';
import { deskOf } from './desk.ts';
import { executions } from './executions.ts';
import { happen } from './happenings.ts';
import { livesOf } from './lives.ts';
import type { Plan } from './plan.ts';
import { entriesOf, type Reported } from './reports.ts';
import { type Sinks, sinksOf } from './sinks.ts';
import { timeline } from './timeline.ts';
import { type Order, type Turns, turnsOf } from './turns.ts';

/** What a naive place leaves out. */
export type Naive = {
	readonly targetsCheckNoSessions?: true;
	readonly runtimeEndsNothing?: true;
	/** Processes are told that they have all their time left, whatever time it is. */
	readonly runtimeTellsNoTime?: true;
	readonly store?: NonNullable<FunctionsOptions['store']>;
};
export type Place = ReturnType<typeof placeOf>;

let present: Sinks | undefined;
const made = agents(() => {
	if (!present) throw new Error('nothing is played');
	return present;
});

export function placeOf(plan: Plan, scheduler: Order, naive: Naive) {
	const agent = made.get(plan.spend) as Agent;
	const state: MemoryState = emptyState();
	const time = timeline();
	const clock = time.clock(0);
	const issuer = fakeIssuer(clock);
	const randomness = seededRandomness();
	const reported: Reported[] = [];
	/** What this test itself ran into. */
	const faults: unknown[] = [];
	const counts = { expired: 0, recoveries: 0, existed: 0, hosts: 0, stops: 0 };

	const turns: Turns = turnsOf({
		scheduler,
		time,
		happenings: plan.happenings,
		mayBefall: (befalls, at, process) => mayBefall(befalls, at, { process, agent }),
		happen: (what) => happen(what, place),
		onPause: (process, ms) => lives.pause(process, ms),
	});
	const { turn } = turns;
	const lives = livesOf({ agent, time, skewsMs: plan.skewsMs, turn, naive });
	const { fault, sent, call } = befallingOf(turns.befalls);
	const sinks = sinksOf({
		toolOf: (sink) => agent.tools.get(sink) ?? { fencedBy: 'runtime', keyHonouredForMs: 0, visibleWithinMs: 0 },
		issued: issuer.issued,
		time,
		standsAt: (run) => state.chains.get(run)?.length ?? 0,
		fault,
		checksSessions: !naive.targetsCheckNoSessions,
		onRefused: () => {
			counts.expired += 1;
		},
	});
	present = sinks;
	const functions = functionsOf(
		{ agent, policies: policiesOf(plan), state, clock: { ...clock, advance: () => {} }, randomness, issuer },
		{
			life: lives,
			fault,
			readers: inTurn(plan.warm.map((warm) => (warm ? 'warm' : 'cold'))),
			...(naive.store && { store: naive.store }),
			door: (request, ask) => {
				if (request.ask === 'report') reported.push(request);
				return sent(() => ask(request));
			},
		},
	);
	const machines = executions({
		time,
		turn,
		hasty: plan.hasty,
		call,
		invoke: (name, event) => call('invoke', () => sent(() => functions.invoke(name, event) as Promise<Json>)),
		onEnd: (machine, run, end) => {
			if (end === 'failed' && machine === 'agent-run' && plan.rule) recover(run, 'recovery');
		},
		onExists: () => {
			counts.existed += 1;
		},
		onFault: (error) => void faults.push(error),
	});
	const recover = (run: string, reason: 'recovery' | 'answer' | 'person'): void => {
		counts.recoveries += 1;
		machines.start('recover', `recovery-${counts.recoveries}`, { run, reason });
	};
	const happened = (run: string, step: StepState): boolean => happenedIn(run, step, { sinks, state });
	const desk = deskOf({ agent, state, clock, randomness, turn, happened, recover });
	const runs = plan.runs.map((_, index) => `run-${index + 1}`);
	const lied = new Set<string>();
	const place = {
		plan,
		agent,
		state,
		time,
		issuer,
		reported,
		faults,
		lied,
		counts,
		turns,
		lives,
		sinks,
		functions,
		machines,
		recover,
		desk,
		runs,
	};
	return place;
}

/** One after another, and from the beginning again. */
function inTurn<T>(list: readonly [T, ...T[]] | readonly T[]): () => T {
	let asked = 0;
	return () => {
		asked += 1;
		return list[asked % list.length] as T;
	};
}

function policiesOf({ asks, forbidden }: Plan) {
	return fakePolicies(({ action, resource, context }) => {
		if (resource.id === forbidden) return 'deny';
		return action.id === asks && context.approved !== true ? 'deny' : 'allow';
	});
}

/** What a person sees who looks at the place where it would have happened. */
function happenedIn(run: string, step: StepState, { sinks, state }: { sinks: Sinks; state: MemoryState }): boolean {
	if (step.tool !== 'book.post') return sinks.journal.effects.some((effect) => effect.run === run && effect.step === step.step);
	// The items hold sums; which step has added to them, its own commit alone says.
	return entriesOf(state, run).some((entry) => entry.kind === 'outcome' && entry.step === step.step && entry.commit !== undefined);
}
