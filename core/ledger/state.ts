/**
 * What a run is, folded from its entries and kept nowhere else. Plain JSON, so that a checkpoint can hold it.
 * Ended steps are dropped at each checkpoint: the state's size does not grow with the run.
 */
import * as z from 'zod';
import { FACTS_BYTES, FACTS_PER_RUN } from '../bounds.ts';
import { agentName, caller, digest, effects, epochMs, toolName } from '../ids.ts';
import { canonical } from './chain.ts';
import type { FactRecord } from './content.ts';
import { budget } from './entry.ts';

const count = z.int().min(0);
const says = z.enum(['tool', 'target', 'person', 'guard']);

export const attemptState = z.strictObject({
	attempt: count,
	place: count,
	epoch: count,
	at: epochMs,
	notAfter: epochMs,
	windowMs: count,
	accessKeyId: z.string(),
	tokenDigest: digest,
	end: z.strictObject({ result: z.enum(['done', 'failed']), by: says, place: count }).nullable(),
});
export type AttemptState = z.infer<typeof attemptState>;

export const stepState = z.strictObject({
	step: count,
	tool: toolName,
	call: digest,
	/** Where the call itself stands, sealed. */
	intentPlace: count,
	effect: z.enum(effects).nullable(),
	attempts: z.array(attemptState),
	lookups: count,
	/** What the last lookup asked about, with the digest of its report token. */
	asked: z.strictObject({ attempts: z.array(count), place: count, tokenDigest: digest }).nullable(),
	/** What a person is asked; answered once an approval or outcome followed. */
	hold: z.strictObject({ for: z.enum(['approval', 'doubt']), shown: digest, place: count, at: epochMs, answered: z.boolean() }).nullable(),
	approval: z.strictObject({ answer: z.enum(['approved', 'refused']), shown: digest, by: caller, expiresAt: epochMs }).nullable(),
	claim: z.strictObject({ key: z.string(), n: count }).nullable(),
	spend: count,
	end: z.strictObject({ result: z.enum(['done', 'failed', 'denied']), by: says, place: count, at: epochMs }).nullable(),
});
export type StepState = z.infer<typeof stepState>;

/** The part of the state that stands in clear in a checkpoint. */
export const clearState = z.strictObject({
	run: z.string(),
	agent: agentName,
	driver: z.enum(['planner', 'outside']),
	/** Hash of the first entry: what no other ledger shares. */
	root: digest,
	openedAt: epochMs,
	epoch: count,
	/** Where this epoch began. */
	epochPlace: count,
	budget,
	turns: count,
	spend: count,
	nextStep: count,
	/** Steps open, and those ended since the last checkpoint, by number. */
	steps: z.record(z.string(), stepState),
	frozen: z.strictObject({ at: epochMs, by: caller, place: count }).nullable(),
	closed: z.strictObject({ how: z.enum(['finished', 'stopped', 'exhausted']), by: caller, at: epochMs, place: count }).nullable(),
	/** The last checkpoint that holds memory, and the place up to which that memory knows what happened. */
	memory: z.strictObject({ place: count, knows: count }).nullable(),
	contradictions: z.array(z.strictObject({ step: count, place: count })),
	resumesWithoutProgress: count,
});
export type ClearState = z.infer<typeof clearState>;

export type RunState = ClearState & {
	readonly head: { readonly place: number; readonly hash: string; readonly at: number };
	/** The latest checkpoint, or the first entry: where reading may begin. */
	readonly checkpointPlace: number;
	readonly facts: readonly FactRecord[];
};

export const stepOf = (state: RunState, step: number): StepState | undefined => state.steps[String(step)];
export const openAttempts = (step: StepState): AttemptState[] => step.attempts.filter((attempt) => attempt.end === null);
export const openSteps = (state: RunState): StepState[] => Object.values(state.steps).filter((step) => step.end === null);
/** A hold that nobody has answered yet: this step waits for a person. */
export const isHeld = (step: StepState): boolean => step.end === null && step.hold !== null && !step.hold.answered;
/**
 * Whether a write by epoch `epoch` is fenced (L4). An epoch that the ledger has never seen is fenced too: the ledger
 * was restored to before it began, or somebody made it up.
 */
export const isFenced = (state: RunState, epoch: number): boolean => epoch !== state.epoch;

/** What a checkpoint holds of `state`: everything but ended steps and what content alone knows. */
export function encodeState(state: RunState): ClearState {
	const { head: _head, checkpointPlace: _checkpointPlace, facts: _facts, ...clear } = state;
	return { ...clear, steps: Object.fromEntries(Object.entries(state.steps).filter(([, step]) => step.end === null)) };
}

/** The newest fact of each entity, newest last, bounded in number and in bytes; the oldest go first. */
export function rememberFacts(known: readonly FactRecord[], learned: readonly FactRecord[]): FactRecord[] {
	const newest = new Map<string, FactRecord>();
	for (const fact of [...known, ...learned]) {
		const entity = JSON.stringify([fact.type, fact.id]);
		newest.delete(entity);
		newest.set(entity, fact);
	}
	const facts = [...newest.values()].slice(-FACTS_PER_RUN);
	let sizeBytes = 0;
	const over = facts.findLastIndex((fact) => {
		sizeBytes += Buffer.byteLength(canonical(fact));
		return sizeBytes > FACTS_BYTES;
	});
	return facts.slice(over + 1);
}
