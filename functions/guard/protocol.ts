/** What a tool's function and its guard say to each other. Both sides parse: neither believes the other. */
import * as z from 'zod';
import { epochMs, runId, toolName } from '../../core/ids.ts';
import { json } from '../../core/json.ts';

const step = z.int().min(1).max(999_999_999);
const attempts = z.array(z.int().min(1)).min(1).max(16);
const ids = { run: runId, step, epoch: z.int().min(0), hint: z.int().min(0) };
const text = z.string().max(4_000);

const attribute = z.union([z.string().max(4_000), z.number(), z.boolean(), z.null()]);
const attributes = z.record(z.string().min(1).max(100), attribute);
export const write = z
	.strictObject({
		table: z.string().min(1).max(100),
		key: z.string().min(1).max(500),
		put: attributes.exactOptional(),
		add: z.record(z.string().min(1).max(100), z.number()).exactOptional(),
		set: attributes.exactOptional(),
		onlyIf: z.union([z.literal('absent'), attributes]).exactOptional(),
	})
	.readonly();

/** A result that no ledger keeps stays behind, since the wire to a guard ends at 6 MB: its size goes, and null in its place. */
const unsentBytes = z.int().min(1).exactOptional();
/** How a tool's attempt or lookup ended, in its own words. */
const report = z.discriminatedUnion('is', [
	z.strictObject({ is: z.literal('done'), output: json, unsentBytes, writes: z.array(write).max(50).exactOptional() }),
	z.strictObject({ is: z.literal('failed'), reason: text }),
	z.strictObject({ is: z.literal('found'), output: json, unsentBytes }),
	z.strictObject({ is: z.literal('absent') }),
]);
export type Report = z.infer<typeof report>;

export const guardRequest = z.discriminatedUnion('ask', [
	z.strictObject({ ask: z.literal('act'), ...ids }),
	z.strictObject({ ask: z.literal('settle'), ...ids, waitedFor: attempts }),
	z.strictObject({ ask: z.literal('report'), run: runId, step, hint: z.int().min(0), token: z.string().max(100), report }),
]);
export type GuardRequest = z.infer<typeof guardRequest>;

const credentials = z.strictObject({
	accessKeyId: z.string(),
	secretAccessKey: z.string(),
	sessionToken: z.string(),
	expiresAt: epochMs,
});
const granted = { input: json, idempotencyKey: z.string(), credentials, token: z.string() };

/** Longer than any wait a tool can declare, and short enough for every runtime's timers. */
const wait = z.int().min(0).max(1_000_000);

/** What becomes of a step, as state machines see it: ids and durations, never content. */
export const stepStatus = z.discriminatedUnion('status', [
	z.strictObject({ status: z.literal('ended') }),
	z.strictObject({ status: z.literal('held') }),
	z.strictObject({ status: z.literal('fenced') }),
	/** There is no such step yet: whoever started it has the call, or it is nobody's. */
	z.strictObject({ status: z.literal('unrecorded') }),
	/** Wait, then settle these attempts. */
	z.strictObject({ status: z.literal('in-doubt'), waitSeconds: wait, attempts }),
	/** Wait, then act again. */
	z.strictObject({ status: z.literal('again'), waitSeconds: wait }),
]);
export type StepStatus = z.infer<typeof stepStatus>;

export const guardAnswer = z.discriminatedUnion('is', [
	z.strictObject({ is: z.literal('granted'), attempt: z.int().min(1), notAfter: epochMs, ...granted }),
	z.strictObject({ is: z.literal('look-up'), attempts, notAfter: epochMs, ...granted }),
	z.strictObject({ is: z.literal('status'), status: stepStatus }),
	z.strictObject({ is: z.literal('refused'), why: text }),
]);
export type GuardAnswer = z.infer<typeof guardAnswer>;

/** What a state machine starts a tool's function with. */
export const toolEvent = z.discriminatedUnion('state', [
	z.object({ state: z.literal('Act'), ...ids, tool: toolName }),
	z.object({ state: z.literal('Settle'), ...ids, tool: toolName, attempts }),
]);
export type ToolEvent = z.infer<typeof toolEvent>;
