/** The outside world in memory: sinks that journal what really happened, by idempotency key, and fail as a test says. */
import type { Found, Json, LookupContext, ToolContext } from '../../index.ts';
import { EffectFailed } from '../../index.ts';
import { crossing, die } from './mortal.ts';

/** Something that happened in the world, as the sink itself journals it: what came, and under which session. */
export type Effect = {
	readonly sink: string;
	readonly key: string;
	readonly run: string;
	readonly step: number;
	readonly attempt: number;
	readonly accessKeyId: string;
	readonly input: Json;
	/** How many entries the run's ledger held at that moment; -1 where nobody told the sink. */
	readonly stood: number;
};
/** What the sinks keep; plain data, so that a world can be copied. */
export type Journal = {
	readonly effects: Effect[];
	readonly arrived: Effect[];
	/** Calls that arrived and were turned away: known not to have happened. */
	readonly refused: Effect[];
	forgotten: number;
};
export const emptyJournal = (): Journal => ({ effects: [], arrived: [], refused: [], forgotten: 0 });

/**
 * What becomes of one call, before or after its effect: the sink answers with an error, the caller's process ends, or it
 * hangs until the runtime ends it. `fails` is known not to have happened.
 */
export type Fate = 'goes-well' | 'fails' | CutOff;
type CutOff = `${'throws' | 'dies' | 'hangs'}-${'before' | 'after'}`;
/** Every way in which an attempt ends without a word: nobody but the sink knows whether it happened. */
export const CUT_OFF: readonly CutOff[] = ['throws-before', 'throws-after', 'dies-before', 'dies-after', 'hangs-before', 'hangs-after'];

type Called = Pick<ToolContext, 'idempotencyKey' | 'run' | 'step' | 'attempt' | 'credentials'>;

export type Outside = {
	/** In the order in which it happened. */
	readonly effects: readonly Effect[];
	/** Calls that arrived, whatever became of them: the sink's name, once a call. */
	readonly arrived: readonly Effect[];
	readonly journal: Journal;
	effectsOf(sink: string): readonly Effect[];
	/** What becomes of the next calls of a sink, one after another; all after these go well. */
	next(sink: string, ...fates: Fate[]): void;
	/** What becomes of the next lookups. */
	nextLookup(sink: string, ...fates: ('goes-well' | 'unknown' | 'throws' | 'dies')[]): void;
	/** Sinks that tell a call they have seen by its key, and do it once. */
	readonly honoursKeys: Set<string>;
	/** Sinks forget the keys they have seen. */
	forgetKeys(): void;
	/** Effects are hidden from lookups. */
	hides: boolean;
	/** What else goes on while a call is at its sink, before anything happens. */
	meanwhile: (call: Effect) => unknown;
	/** Tells a sink how long a run's ledger is, so that its journal can be laid beside the ledger. */
	standsAt: (run: string) => number;
	/** Whether a sink takes this session's call; one that has ended, or was revoked, is turned away. */
	admits: (call: Effect) => boolean;
	/** What a sink says when it refuses a call. */
	tells: (sink: string, context: Called) => string;
	act(sink: string, input: Json, context: Called): Promise<{ receipt: string }>;
	lookUp(sink: string, context: Pick<LookupContext, 'idempotencyKey'>): Promise<Found<{ receipt: string }>>;
};

export function outsideWorld(journal: Journal = emptyJournal()): Outside {
	const { effects, arrived } = journal;
	const fates = new Map<string, Fate[]>();
	const lookups = new Map<string, string[]>();
	const receipt = (index: number) => ({ receipt: `receipt ${index + 1}` });

	/** Does it, unless this key was honoured before: then that effect's receipt again. */
	const happen = (outside: Outside, effect: Effect): { receipt: string } => {
		const seen = effects.findIndex((other, index) => index >= journal.forgotten && other.sink === effect.sink && other.key === effect.key);
		if (outside.honoursKeys.has(effect.sink) && seen >= 0) return receipt(seen);
		return receipt(effects.push({ ...effect, stood: outside.standsAt(effect.run) }) - 1);
	};

	const turnAway = (effect: Effect, why: Error): never => {
		journal.refused.push(effect);
		throw why;
	};

	const outside: Outside = {
		effects,
		arrived,
		journal,
		effectsOf: (sink) => effects.filter((effect) => effect.sink === sink),
		next: (sink, ...next) => void fates.set(sink, next),
		nextLookup: (sink, ...next) => void lookups.set(sink, next),
		honoursKeys: new Set(),
		forgetKeys: () => {
			journal.forgotten = effects.length;
		},
		hides: false,
		meanwhile: () => {},
		standsAt: () => -1,
		admits: () => true,
		tells: (sink) => `${sink} refuses it`,
		act: (sink, input, context) =>
			crossing(async () => {
				const { idempotencyKey, run, step, attempt, credentials } = context;
				const { accessKeyId } = credentials;
				const fate = fates.get(sink)?.shift() ?? 'goes-well';
				const effect = { sink, key: idempotencyKey, run, step, attempt, accessKeyId, input, stood: outside.standsAt(run) };
				arrived.push(effect);
				await outside.meanwhile(effect);
				if (fate === 'fails') return turnAway(effect, new EffectFailed(outside.tells(sink, context)));
				// What the tool makes of this is its own: it has no word for it, so its attempt stays open.
				if (!outside.admits(effect)) return turnAway(effect, new Error(`${sink}: the session has ended`));
				if (fate.endsWith('-before')) return meet(fate, sink);
				const answer = happen(outside, effect);
				return fate === 'goes-well' ? answer : meet(fate, sink);
			}),
		lookUp: async (sink, { idempotencyKey }) => {
			const fate = lookups.get(sink)?.shift() ?? 'goes-well';
			if (fate === 'unknown') return { unknown: 'ask again later' };
			if (fate === 'throws') throw new Error(`${sink} is out of order`);
			if (fate === 'dies') return die();
			const found = outside.hides ? -1 : effects.findIndex((effect) => effect.sink === sink && effect.key === idempotencyKey);
			return found >= 0 ? { found: receipt(found) } : { absent: true };
		},
	};
	return outside;
}

async function meet(fate: Fate, sink: string): Promise<never> {
	if (fate.startsWith('throws')) throw new Error(`${sink} lost its connection`);
	return die(fate.startsWith('hangs') ? 'Sandbox.Timedout' : 'Runtime.ExitError');
}
