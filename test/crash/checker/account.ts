/**
 * What the stored bytes of one run say, read by this reader's own few rules and not by the shipped fold: a second opinion,
 * and one that still reads a chain which the first no longer does.
 */
import type { MemoryState } from '../../../adapters/memory/store.ts';
import { canonical, parseStored } from '../../../core/ledger/chain.ts';
import { type ContentKind, contents, unseal } from '../../../core/ledger/content.ts';
import type { Entry, EntryOf } from '../../../core/ledger/entry.ts';
import type { RunSeen } from './seen.ts';

export type Granted = {
	readonly attempt: number;
	readonly place: number;
	readonly accessKeyId: string;
	readonly tokenDigest: string;
	readonly approved: boolean;
	readonly spend: number;
};
export type End = { readonly result: 'done' | 'failed' | 'denied'; readonly place: number };
export type StepAccount = {
	readonly step: number;
	readonly tool: string;
	/** The call as it was sealed; undefined when it cannot be opened. */
	readonly input: unknown;
	readonly attempts: Granted[];
	readonly lookups: Granted[];
	readonly outcomes: EntryOf<'outcome'>[];
	readonly denials: number[];
	/** Ends of attempts, by number. */
	readonly ended: Map<number, 'done' | 'failed'>;
	end: End | undefined;
	/** The end that stood as the run was closed, which a person's word may replace later; undefined also for what closing ended. */
	whenClosed: End | undefined;
};
export type Account = {
	readonly seen: RunSeen;
	readonly entries: readonly Entry[];
	readonly steps: ReadonlyMap<number, StepAccount>;
	readonly contents: ReadonlyMap<number, unknown>;
	readonly unreadable: readonly string[];
};

export function accountOf(seen: RunSeen, state: MemoryState): Account {
	const entries: Entry[] = [];
	const unreadable: string[] = [];
	for (const stored of state.chains.get(seen.run) ?? []) {
		const parsed = parseStored(stored);
		if ('broken' in parsed) unreadable.push(parsed.broken);
		else entries.push(parsed.entry);
	}
	const opened = new Map(entries.flatMap((entry) => openedOf(entry, state)));
	const steps = new Map<number, StepAccount>();
	const closedAt = entries.find((entry) => entry.kind === 'closed')?.place ?? Number.POSITIVE_INFINITY;
	for (const entry of entries) take(entry, { steps, opened, closedAt });
	return { seen, entries, steps, contents: opened, unreadable };
}

function openedOf(entry: Entry, state: MemoryState): [number, unknown][] {
	const key = state.keys.get(entry.run);
	if (!entry.sealed || key === undefined || key === 'destroyed') return [];
	const bytes = 'bytes' in entry.sealed ? Buffer.from(entry.sealed.bytes, 'base64url') : state.payloads.get(entry.sealed.payload);
	const content = bytes && contents[entry.kind as ContentKind].safeParse(unseal(key, entry, bytes));
	return content?.success ? [[entry.place, content.data]] : [];
}

type Taking = { readonly steps: Map<number, StepAccount>; readonly opened: ReadonlyMap<number, unknown>; readonly closedAt: number };

function take(entry: Entry, { steps, opened, closedAt }: Taking): void {
	if (entry.kind === 'intent') {
		const content = contents.intent.safeParse(opened.get(entry.place));
		for (const [index, { step, tool }] of entry.calls.entries()) {
			const input = content.data?.calls[index]?.input;
			const blank = { attempts: [], lookups: [], outcomes: [], denials: [], ended: new Map(), end: undefined, whenClosed: undefined };
			steps.set(step, { step, tool, input, ...blank });
		}
	}
	if (entry.kind === 'closed')
		for (const step of steps.values()) {
			step.whenClosed = step.end;
			if (!step.end && openIn(step).length === 0) step.end = { result: 'denied', place: entry.place };
		}
	const step = 'step' in entry ? steps.get(entry.step) : undefined;
	if (step && entry.kind === 'decision') decided(step, entry);
	if (step && entry.kind === 'outcome') ended(step, entry, entry.place > closedAt);
}

function decided(step: StepAccount, entry: EntryOf<'decision'>): void {
	if (entry.verdict === 'deny') {
		step.denials.push(entry.place);
		step.end ??= { result: 'denied', place: entry.place };
	}
	if (entry.verdict !== 'allow' || !entry.grant) return;
	const { accessKeyId, tokenDigest } = entry.grant;
	const common = { place: entry.place, accessKeyId, tokenDigest, approved: entry.approved, spend: entry.spend ?? 0 };
	if (entry.attempt === undefined) step.lookups.push({ attempt: 0, ...common });
	else step.attempts.push({ attempt: entry.attempt, ...common });
}

function ended(step: StepAccount, entry: EntryOf<'outcome'>, closed: boolean): void {
	step.outcomes.push(entry);
	if (entry.stands) step.end = { result: entry.result, place: entry.place };
	if (entry.stands || entry.contradicts) return;
	for (const attempt of entry.attempts) if (!step.ended.has(attempt)) step.ended.set(attempt, entry.result);
	if (step.end) return;
	const final = entry.by === 'tool' || entry.by === 'person' || closed;
	if (entry.result === 'done' || (final && openIn(step).length === 0)) step.end = { result: entry.result, place: entry.place };
}

/** Attempts without an end. */
export const openIn = (step: StepAccount): number[] =>
	step.attempts.map(({ attempt }) => attempt).filter((attempt) => !step.ended.has(attempt));

/** Two JSON values that say the same. */
export const same = (left: unknown, right: unknown): boolean => canonical(left) === canonical(right);
