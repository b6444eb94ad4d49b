/** What is kept of a tool's report: its result as it came, and the facts it declares. */
import type { Fact, Tool } from '../../core/agent/tool.ts';
import { CONTENT_BYTES } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import { canonical } from '../../core/ledger/chain.ts';
import { factShape, type StoredFact } from '../../core/ledger/content.ts';
import { entryAt, openContent, type View } from '../../core/ledger/read.ts';
import { rememberFacts, type StepState } from '../../core/ledger/state.ts';
import type { GuardSurroundings } from '../surroundings.ts';
import { toolOf } from './occasion.ts';
import type { Report } from './protocol.ts';

export type OutcomeContent = { content: { result?: Json; reason?: string; facts?: StoredFact[] }; facts: StoredFact[]; malformed: boolean };

/** What is kept of a report. A result that is not of the declared shape is kept as it came, and declares no facts. */
export async function contentOf(
	said: Extract<Report, { is: 'done' | 'failed' }>,
	{ view, step, around }: { view: View; step: StepState; around: GuardSurroundings },
): Promise<OutcomeContent> {
	// A text cut off in the midst of a character has no bytes; what it says still counts.
	if (said.is === 'failed') return { content: { reason: said.reason.toWellFormed() }, facts: [], malformed: false };
	const tool = toolOf(around);
	const output = said.output as Json;
	// Said of a result that did not come along, and of no other.
	const size = output === null ? (said.unsentBytes ?? sizeBytes(output)) : sizeBytes(output);
	if (size === undefined)
		return { content: { reason: 'a result with half a surrogate pair was not kept', result: null }, facts: [], malformed: true };
	if (size > CONTENT_BYTES / 2)
		return { content: { reason: `a result of ${size} bytes was not kept`, result: null }, facts: [], malformed: true };
	const parsed = tool.output.safeParse(output);
	if (!parsed.success) {
		const reason = `not of the declared shape: ${parsed.error.issues[0]?.message}`.slice(0, 2_000).toWellFormed();
		return { content: { result: output, reason }, facts: [], malformed: true };
	}
	const facts = tool.declaresFacts ? await factsOf(tool, parsed.data, { view, step, around }) : [];
	return { content: { result: output, ...(facts.length > 0 && { facts }) }, facts, malformed: false };
}

/** Bytes of the canonical form; `undefined` for what has none (lone surrogates). */
function sizeBytes(value: Json): number | undefined {
	try {
		return Buffer.byteLength(canonical(value));
	} catch {
		return undefined;
	}
}

async function factsOf(
	tool: Tool,
	output: unknown,
	{ view, step, around }: { view: View; step: StepState; around: GuardSurroundings },
): Promise<StoredFact[]> {
	const intent = await entryAt(around.store, view, step.intentPlace);
	const content = intent.kind === 'intent' ? await openContent(around.store, intent, view.key) : undefined;
	const index = intent.kind === 'intent' ? intent.calls.findIndex((call) => call.step === step.step) : -1;
	const input = tool.input.safeParse(content?.calls[index]?.input);
	if (!input.success) return [];
	let declared: readonly Fact[];
	try {
		declared = tool.facts(output, input.data);
	} catch {
		// The outcome counts whatever its facts do: policies that need them will deny.
		return [];
	}
	const known = declared.flatMap((fact) => {
		const parsed = factShape.safeParse(fact);
		return parsed.success && around.agent.entities[parsed.data.type] && sizeBytes(parsed.data) !== undefined ? [parsed.data] : [];
	});
	// No more than a run remembers of them, so that what is kept beside a result fits an entry.
	return rememberFacts(
		[],
		known.map((fact) => ({ ...fact, at: 0, step: step.step })),
	).map(({ type, id, attributes }) => ({ type, id, attributes }));
}
