/**
 * A run's ledger in the model: what core's own `fold` makes of real entries, and the entries themselves. Hashes are made
 * from places, times that no rule reads are one constant, and tokens come from what they are for: so two histories that
 * no shipped rule could tell apart have one key.
 */
import { hash as digestOf } from 'node:crypto';
import { type EpochMs, epochMs } from '../../../core/ids.ts';
import { canonical, NO_HASH, type ParsedEntry, sha256 } from '../../../core/ledger/chain.ts';
import { type Entry, entry as entryShape, type StoredEntry } from '../../../core/ledger/entry.ts';
import { fold } from '../../../core/ledger/fold.ts';
import type { RunState, StepState } from '../../../core/ledger/state.ts';
import { OLD_SECONDS } from './settings.ts';

/** The model's present is always this moment; ticks make everything else older. */
export const NOW: EpochMs = epochMs.parse(Date.UTC(2026, 0, 1));
const OLDEST = NOW - OLD_SECONDS * 1000;

export type Ledger = { readonly state: RunState; readonly entries: readonly Entry[]; readonly key: string };
export type Added = { is: 'legal'; ledger: Ledger } | { is: 'illegal'; why: string };

/** 16 bytes of it tell worlds apart: a collision among a million of them is far less likely than a broken machine. */
export const digestKeyOf = (text: string): string => digestOf('md5', text, 'base64');

const keys = new Map<string, string>();
/** A short one for each text, of which worlds are made up many times over; no other text has it in this process. */
export function keyOf(text: string): string {
	const known = keys.get(text);
	if (known !== undefined) return known;
	const made = keys.size.toString(36);
	keys.set(text, made);
	return made;
}

const hashAt = (place: number): string => (place < 0 ? NO_HASH : (place + 1).toString(16).padStart(64, '0'));

/** `exact` tells ledgers apart by all that happened, not by what it came to: checkpoints drop what readers can still find. */
export function add(ledger: Ledger | undefined, drafted: Entry, exact: boolean): Added {
	const entry = { ...drafted, prev: hashAt(drafted.place - 1) } as Entry;
	const folded = fold(ledger?.state, entry, hashAt(entry.place));
	if (folded.is === 'illegal') return folded;
	const state = timeless(folded.state);
	const text = JSON.stringify(state);
	const key = keyOf(exact ? `${ledger?.key} ${JSON.stringify({ ...entry, sealed: undefined, nonce: '' })} ${text}` : text);
	return { is: 'legal', ledger: { state, entries: [...(ledger?.entries ?? []), entry], key } };
}

/** Times that are recorded for readers and read by no rule. */
function timeless(state: RunState): RunState {
	return { ...state, openedAt: NOW, head: { ...state.head, at: NOW }, steps: mapped(state.steps, timelessStep) };
}

function timelessStep(step: StepState): StepState {
	const { hold, end } = step;
	const attempts = end ? step.attempts.map((attempt) => ({ ...attempt, at: NOW, notAfter: NOW })) : step.attempts;
	return { ...step, attempts, hold: hold && { ...hold, at: NOW }, end: end && { ...end, at: NOW } };
}

function mapped(steps: RunState['steps'], change: (step: StepState) => StepState): RunState['steps'] {
	const changed: Record<string, StepState> = {};
	for (const [number, step] of Object.entries(steps)) changed[number] = change(step);
	return changed;
}

const agedBefore = new WeakMap<Ledger, Ledger>();
/** A second later: what the ledger says of grants is a second older. */
export function aged(ledger: Ledger): Ledger {
	const known = agedBefore.get(ledger) ?? agedAnew(ledger);
	agedBefore.set(ledger, known);
	return known;
}

function agedAnew(ledger: Ledger): Ledger {
	const older = (at: number): EpochMs => Math.max(OLDEST, at - 1000) as EpochMs;
	const state: RunState = {
		...ledger.state,
		steps: mapped(ledger.state.steps, (step) => ({
			...step,
			attempts: step.end
				? step.attempts
				: step.attempts.map((attempt) => ({ ...attempt, at: older(attempt.at), notAfter: older(attempt.notAfter) })),
		})),
	};
	return { ...ledger, state, key: keyOf(JSON.stringify(state)) };
}

/** An entry that was drafted `seconds` ago and lands now. */
export function draftedAgo(entry: Entry, seconds: number): Entry {
	if (seconds === 0 || entry.kind !== 'decision') return entry;
	const before = (at: number): EpochMs => (at - seconds * 1000) as EpochMs;
	return { ...entry, at: before(entry.at), ...(entry.grant && { grant: { ...entry.grant, notAfter: before(entry.grant.notAfter) } }) };
}

const windows = new WeakMap<Ledger, Map<number, ParsedEntry>>();
/** What a reading of this ledger has in hand. */
export function windowOf(ledger: Ledger): Map<number, ParsedEntry> {
	const known = windows.get(ledger);
	if (known) return new Map(known);
	const window = new Map(ledger.entries.map((entry) => [entry.place, { entry, hash: hashAt(entry.place) }]));
	windows.set(ledger, window);
	return new Map(window);
}

/** The ledger as bytes with true hashes, for rules that read another run, or a step that checkpoints have dropped. */
export function storedOf(ledger: Ledger): StoredEntry[] {
	const stored: StoredEntry[] = [];
	let prev = NO_HASH;
	let root = NO_HASH;
	for (const entry of ledger.entries) {
		const chained = entry.kind === 'checkpoint' ? { ...entry, prev, state: { ...entry.state, root } } : { ...entry, prev };
		const body = canonical(entryShape.parse(chained));
		prev = sha256(body);
		if (entry.place === 0) root = prev;
		stored.push({ chain: entry.run, place: entry.place, body });
	}
	return stored;
}
