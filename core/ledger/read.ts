/**
 * Reading a run: from a checkpoint on, in one consistent query where that is enough. Nothing that a caller passes
 * is believed: a hint that is no checkpoint costs a longer reading and changes no answer.
 *
 * A warm process keeps the folded state of the runs it saw last and reads on from their heads. The query then
 * begins with the head itself, so a ledger that was restored or altered behind our back is noticed and read anew.
 */
import { ENTRIES_PER_QUERY } from '../bounds.ts';
import type { Claims, Clock, Ledger, Payloads, Randomness, RunKeys } from '../ports.ts';
import { type ParsedEntry, parseStored, sha256 } from './chain.ts';
import { type AnyContent, type Content, type ContentKind, contents, unseal } from './content.ts';
import type { Entry, StoredEntry } from './entry.ts';
import { fold, openedOf } from './fold.ts';
import { testified } from './fold-outcome.ts';
import { type RunState, type StepState, stepOf } from './state.ts';
import { touched } from './verify.ts';

/** All that a function needs to read and write runs. */
export type Store = {
	readonly ledger: Ledger;
	readonly claims: Claims;
	readonly keys: RunKeys;
	readonly payloads: Payloads;
	readonly clock: Clock;
	readonly randomness: Randomness;
};

/** A run as one reading found it. `window` holds the entries read, by place; those that are looked up later join them. */
export type View = { readonly state: RunState; readonly window: Map<number, ParsedEntry>; readonly key: Uint8Array | undefined };

export class RunNotFound extends Error {
	override name = 'RunNotFound';
	constructor(run: string) {
		super(`there is no run ${run}; list shows the runs there are`);
	}
}
/** The stored bytes are not a ledger any more. Final: a person has to look. */
export class LedgerBroken extends Error {
	override name = 'LedgerBroken';
}
/** The envelope is there, the content can't be opened. */
export class RunKeyLost extends Error {
	override name = 'RunKeyLost';
	constructor(run: string) {
		super(`the key of run ${run} is lost or was destroyed: its entries still verify, their content can't be read, and nothing is granted`);
	}
}

const RUNS_KEPT = 64;
const ENTRIES_KEPT = 150;

export type Reader = {
	/** @throws RunNotFound, LedgerBroken */
	read(run: string, at?: { hint?: number | undefined; everything?: boolean }): Promise<View>;
	/** Takes over a state that an append has just made. */
	keep(view: View): void;
};

export function createReader(store: Store): Reader {
	const kept = new Map<string, View>();
	const keep = (view: View): void => {
		kept.delete(view.state.run);
		kept.set(view.state.run, view.window.size > ENTRIES_PER_QUERY ? { ...view, window: worthKeeping(view) } : view);
		const [oldest] = kept.keys();
		if (kept.size > RUNS_KEPT && oldest !== undefined) kept.delete(oldest);
	};
	const read: Reader['read'] = async (run, { hint, everything = false } = {}) => {
		const warm = everything ? undefined : kept.get(run);
		const view = (warm && (await readOn(store, warm, hint))) ?? (await readAnew(store, run, everything ? 0 : hint));
		keep(view);
		return view;
	};
	return { read, keep };
}

/** What a warm process must not read twice: the task, open steps' intents, and what the planner's memory does not know yet. */
function worthKeeping(view: View): Map<number, ParsedEntry> {
	const { state } = view;
	const intents = new Set(Object.values(state.steps).map((step) => step.intentPlace));
	const unknown = Math.max(state.memory?.place ?? 1, state.head.place - ENTRIES_KEPT);
	return new Map([...view.window].filter(([place]) => place === 0 || place >= unknown || intents.has(place)));
}

/** Reads on from the head of a warm view, unless a page from there does not reach as far as a reading anew does. */
async function readOn(store: Store, warm: View, hint: number | undefined): Promise<View | undefined> {
	if (hint !== undefined && hint >= warm.state.head.place + ENTRIES_PER_QUERY) return undefined;
	const page = await store.ledger.read(warm.state.run, { from: warm.state.head.place, limit: ENTRIES_PER_QUERY });
	const [head, ...rest] = page;
	if (!head || sha256(head.body) !== warm.state.head.hash) return undefined;
	// More than a page behind, and nobody says where to begin: the last checkpoint is nearer to the head than this.
	if (hint === undefined && page.length === ENTRIES_PER_QUERY) return undefined;
	// The head is as it was: nothing to fold, nothing to copy.
	if (rest.length === 0 && warm.key) return warm;
	const window = new Map(warm.window);
	const state = await foldPages(store, {
		run: warm.state.run,
		state: warm.state,
		page: rest,
		full: page.length === ENTRIES_PER_QUERY,
		window,
	});
	return { state, window, key: warm.key ?? (await store.keys.get(warm.state.run)) };
}

async function readAnew(store: Store, run: string, hint: number | undefined): Promise<View> {
	const first =
		hint === undefined
			? await store.ledger.latest(run, ENTRIES_PER_QUERY)
			: await store.ledger.read(run, { from: hint, limit: ENTRIES_PER_QUERY });
	const begin = first.findLastIndex((stored) => stored.place === 0 || isCheckpoint(stored));
	const usable = hint === undefined ? begin >= 0 : first[0] !== undefined && (first[0].place === 0 || isCheckpoint(first[0]));
	const page = usable ? first.slice(hint === undefined ? begin : 0) : await store.ledger.read(run, { from: 0, limit: ENTRIES_PER_QUERY });
	if (page.length === 0) throw new RunNotFound(run);
	const window = new Map<number, ParsedEntry>();
	const full = hint === undefined && usable ? false : page.length === ENTRIES_PER_QUERY;
	const key = await store.keys.get(run);
	const state = await foldPages(store, { run, state: undefined, page, full, window, key });
	return { state, window, key };
}

type Pages = {
	run: string;
	state: RunState | undefined;
	page: StoredEntry[];
	/** Whether more entries may follow this page. */
	full: boolean;
	window: Map<number, ParsedEntry>;
	key?: Uint8Array | undefined;
};

async function foldPages(store: Store, { run, state: begin, page: firstPage, full, window, key }: Pages): Promise<RunState> {
	let state = begin;
	let page = firstPage;
	let more = full;
	// Ends with the chain: every page holds at least one entry of a place not read before.
	for (;;) {
		for (const stored of page) {
			const parsed = parseStored(stored);
			if ('broken' in parsed) throw new LedgerBroken(`the ledger of run ${run} is damaged: ${parsed.broken}`);
			const opened = declaresFacts(parsed.entry) ? await openFacts(store, parsed.entry, key) : {};
			const folded = fold(state, parsed.entry, parsed.hash, opened);
			if (folded.is === 'illegal') throw new LedgerBroken(`the ledger of run ${run} is damaged at place ${stored.place}: ${folded.why}`);
			state = folded.state;
			window.set(stored.place, parsed);
		}
		if (!more || !state) break;
		page = await store.ledger.read(run, { from: state.head.place + 1, limit: ENTRIES_PER_QUERY });
		more = page.length === ENTRIES_PER_QUERY;
	}
	if (!state) throw new RunNotFound(run);
	return state;
}

const declaresFacts = (entry: Entry): boolean =>
	(entry.kind === 'outcome' && entry.facts === true) || (entry.kind === 'checkpoint' && entry.sealed !== undefined);

async function openFacts(store: Store, entry: Entry, key: Uint8Array | undefined): Promise<ReturnType<typeof openedOf>> {
	if (entry.kind !== 'outcome' && entry.kind !== 'checkpoint') return {};
	const content = await openContent(store, entry, key ?? (await store.keys.get(entry.run)));
	// Without the key facts are unknown, and policies that rely on them deny.
	return content === undefined ? {} : openedOf(entry, content);
}

function isCheckpoint(stored: StoredEntry): boolean {
	const parsed = parseStored(stored);
	return 'entry' in parsed && parsed.entry.kind === 'checkpoint';
}

/**
 * Contents of the entries that a process holds anyway; they go with them. As text, since a planner or a tool may change
 * what it is given, and a warm process would go on from that where a cold one goes on from the ledger.
 */
const openedBefore = new WeakMap<Entry, string>();

/** The writer of an entry knows what it holds. */
export const rememberContent = (entry: Entry, content: AnyContent): void => void openedBefore.set(entry, JSON.stringify(content));

/** Opens an entry's content. `undefined` without a key, when it was erased, or when it is not what was sealed. */
export async function openContent<K extends ContentKind>(
	store: Pick<Store, 'payloads'>,
	entry: Entry & { kind: K },
	key: Uint8Array | undefined,
): Promise<Content<K> | undefined> {
	if (!entry.sealed || !key) return undefined;
	const known = openedBefore.get(entry);
	if (known !== undefined) return JSON.parse(known) as Content<K>;
	const bytes = 'bytes' in entry.sealed ? Buffer.from(entry.sealed.bytes, 'base64url') : await store.payloads.get(entry.sealed.payload);
	if (!bytes || ('sha256' in entry.sealed && sha256(bytes) !== entry.sealed.sha256)) return undefined;
	const parsed = contents[entry.kind as ContentKind].safeParse(unseal(key, entry, bytes));
	if (!parsed.success) return undefined;
	rememberContent(entry, parsed.data);
	return parsed.data as Content<K>;
}

/**
 * One step as its run's entries leave it, wherever it ended: also when checkpoints have dropped it since.
 * Reads from `hint` on, which should lie at or before the step's intent; from the start where it does not.
 */
export async function readStep(store: Store, run: string, { step, hint }: { step: number; hint: number }): Promise<StepSeen | undefined> {
	const { steps, state } = await readSteps(store, run, hint);
	const seen = steps.get(step);
	// A hint above the head, or above the step's end, is no answer.
	if (!seen && hint > 0 && (!state || step < state.nextStep)) return readStep(store, run, { step, hint: 0 });
	const contradicted = state?.contradictions.some((other) => other.step === step) ?? false;
	return seen && { ...seen, contradicted };
}

type StepsSeen = { readonly steps: ReadonlyMap<number, StepSeen>; readonly state: RunState | undefined };

/** All steps that entries from `hint` on say something about, also those that checkpoints have dropped since. */
export async function readSteps(store: Store, run: string, hint: number): Promise<StepsSeen> {
	const steps = new Map<number, StepSeen>();
	let state: RunState | undefined;
	let from = hint;
	for (;;) {
		const page = await store.ledger.read(run, { from, limit: ENTRIES_PER_QUERY });
		for (const stored of page) {
			const parsed = parseStored(stored);
			if ('broken' in parsed) throw new LedgerBroken(`the ledger of run ${run} is damaged: ${parsed.broken}`);
			const folded = fold(state, parsed.entry, parsed.hash);
			if (folded.is === 'illegal') {
				if (state || hint === 0) throw new LedgerBroken(`the ledger of run ${run} is damaged at place ${stored.place}: ${folded.why}`);
				return readSteps(store, run, 0);
			}
			state = folded.state;
			see(parsed.entry, state, steps);
		}
		if (page.length < ENTRIES_PER_QUERY) return { steps, state };
		from = (page.at(-1)?.place ?? from) + 1;
	}
}

function see(entry: Entry, state: RunState, steps: Map<number, StepSeen>): void {
	// Reading that begins at a checkpoint begins with the steps it holds.
	const numbers = entry.kind === 'checkpoint' ? Object.keys(state.steps).map(Number) : touched(entry, state);
	for (const number of numbers) {
		const before = steps.get(number);
		const about = entry.kind === 'outcome' ? entry : undefined;
		const found = stepOf(state, number) ?? (before && about ? testified(before.state, about) : before?.state);
		if (found) steps.set(number, { state: found, entry: about ?? before?.entry, contradicted: false });
	}
}

/** A step, the last outcome about it, and whether records about it contradict each other. */
export type StepSeen = { readonly state: StepState; readonly entry: Entry | undefined; readonly contradicted: boolean };

/** The entries from place `from` to the head, in order, of which those outside the window are read page by page. */
export async function entriesFrom(store: Pick<Store, 'ledger'>, view: View, from: number): Promise<Entry[]> {
	const { state } = view;
	const entries: Entry[] = [];
	let page = new Map<number, StoredEntry>();
	for (let place = from; place <= state.head.place; place += 1) {
		const seen = view.window.get(place);
		if (!seen && !page.has(place)) {
			const read = await store.ledger.read(state.run, { from: place, limit: ENTRIES_PER_QUERY });
			page = new Map(read.map((stored) => [stored.place, stored]));
		}
		entries.push((seen ?? parsedIn(page, state.run, place)).entry);
	}
	return entries;
}

function parsedIn(page: ReadonlyMap<number, StoredEntry>, run: string, place: number): ParsedEntry {
	const stored = page.get(place);
	const parsed = stored ? parseStored(stored) : { broken: `place ${place} is missing` };
	if ('broken' in parsed) throw new LedgerBroken(`the ledger of run ${run} is damaged: ${parsed.broken}`);
	return parsed;
}

/** The entry at `place`, from the window or by one more query: once in a warm process that began to read after it. */
export async function entryAt(store: Pick<Store, 'ledger'>, view: View, place: number): Promise<Entry> {
	const seen = view.window.get(place);
	if (seen) return seen.entry;
	const read = await store.ledger.read(view.state.run, { from: place, limit: 1 });
	const parsed = parsedIn(new Map(read.map((stored) => [stored.place, stored])), view.state.run, place);
	view.window.set(place, parsed);
	return parsed.entry;
}
