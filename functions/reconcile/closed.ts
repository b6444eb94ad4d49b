/**
 * Runs that were closed, off their queue. One that comes before all that was seen of it has come is left in the queue, which gives
 * it out again after a while; so is one that could not be reconciled, until the queue puts it aside for a person.
 */
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { jsonText } from '../../core/json-text.ts';
import { standingOf, type VisitCounts, type VisitSurroundings, visit } from './visits.ts';

export const queued = z.object({ messageId: z.string(), body: z.string() });
const closedRun = jsonText(z.object({ run: runId, closedAt: z.int().min(0) }));

export type ClosedSurroundings = VisitSurroundings & { readonly delayMs: number; readonly known: Map<string, string> };
/** `early`: left for later. `failed`: messages that stay in the queue, those among them. */
export type ClosedAnswer = { readonly failed: readonly string[]; readonly early: number };

const RESERVE_MS = 60_000;

/** Never throws for one message: the others are taken all the same. */
export async function takeClosed(
	messages: readonly z.infer<typeof queued>[],
	around: ClosedSurroundings,
	{ remainingMs, counts }: { remainingMs: () => number; counts: VisitCounts },
): Promise<ClosedAnswer> {
	const failed: string[] = [];
	let early = 0;
	for (const { messageId, body } of messages) {
		const closed = closedRun.safeParse(body).data;
		if (!closed) around.log({ name: 'MalformedMessage', message: `message ${messageId} names no closed run` });
		else if (closed.closedAt + around.delayMs > around.now()) early += 1;
		else if (remainingMs() >= RESERVE_MS && (await taken(closed.run, around, counts))) continue;
		failed.push(messageId);
	}
	return { failed, early };
}

async function taken(run: string, around: ClosedSurroundings, counts: VisitCounts): Promise<boolean> {
	try {
		const standing = await standingOf(run, around);
		if (standing.is === 'anothers') return true;
		if ((await visit(run, around, counts)) === 'unread') return false;
		if (standing.is === 'own') around.known.set(run, standing.head);
		return true;
	} catch (error) {
		counts.unread += 1;
		around.log({ name: error instanceof Error ? error.name : 'unknown', message: `${run} could not be reconciled` });
		return false;
	}
}
