/**
 * What two worlds must have in common for their futures to be the same, and everything that is ever held against either:
 * the whole history of their ledgers, what happened outside, what time it is, where executions stand. Left out is what is
 * arbitrary: nonces and the hashes that follow from them, which ciphertext a content became, names of sessions and tokens,
 * payloads that no entry names, and how often something was drawn. A session is named by the entry that grants it.
 */
import type { Json } from '../../../core/ids.ts';
import { sha256 } from '../../../core/ledger/chain.ts';
import { type ContentKind, contents, unseal } from '../../../core/ledger/content.ts';
import type { Entry, StoredEntry } from '../../../core/ledger/entry.ts';
import { digestOf } from './crossing.ts';
import { executionsSaid } from './executions-said.ts';
import { type Numbering, numbering } from './numbering.ts';
import type { World } from './world.ts';

/** A chain up to one of its entries: a number for all that it says, and the sessions that it grants. */
type Told = { readonly says: number; readonly sessions: Session | undefined };
type Session = { readonly accessKeyId: string; readonly name: string; readonly before: Session | undefined };

/** Fingerprints that can be compared with each other. Worlds share most of what they are made of, which is looked at once. */
export function fingerprints(): (world: World) => string {
	const { numberOf, objectNumber } = numbering();
	/** By body of its last entry: bodies chain up, so it stands for all before it. */
	const told = new Map<string, Told>();
	/** Hashes of entries, by which decisions name the control chains they were made under. */
	const places = new Map<string, string>();

	const tell = (world: World, entries: readonly StoredEntry[], length: number): Told => {
		const stored = entries[length - 1];
		if (!stored) return { says: 0, sessions: undefined };
		const known = told.get(stored.body);
		if (known) return known;
		const before = tell(world, entries, length - 1);
		const name = `${stored.chain} ${stored.place}`;
		places.set(sha256(stored.body), name);
		const { says, accessKeyId } = said(world, stored, places);
		const sessions = accessKeyId === undefined ? before.sessions : { accessKeyId, name, before: before.sessions };
		const now = { says: numberOf(`${before.says} ${says}`), sessions };
		told.set(stored.body, now);
		return now;
	};

	return (world) => {
		const chains = [...world.state.chains].map(([chain, entries]) => ({ chain, ...tell(world, entries, entries.length) }));
		const sessionOf = (accessKeyId: string): string => {
			for (const { sessions } of chains)
				for (let session = sessions; session; session = session.before) if (session.accessKeyId === accessKeyId) return session.name;
			return `unrecorded ${accessKeyId}`;
		};
		const lines = chains.map(({ chain, says }) => `${chain} ${says}`).sort();
		return digestOf(`${lines.join('\n')}\n${JSON.stringify(rest(world, sessionOf, objectNumber))}`);
	};
}

function said(world: World, stored: StoredEntry, places: ReadonlyMap<string, string>) {
	const entry = JSON.parse(stored.body) as Entry;
	const { prev: _prev, nonce: _nonce, gen: _gen, sealed: _sealed, ...clear } = entry;
	const named: { [name: string]: unknown } = { ...clear };
	if (entry.kind === 'decision') {
		if (entry.grant) named.grant = { ...entry.grant, accessKeyId: '', tokenDigest: '' };
		if (entry.controls) named.controls = entry.controls.map((hash) => places.get(hash) ?? hash);
	}
	if (entry.kind === 'outcome' && entry.commit) named.commit = '';
	// What a checkpoint holds of sessions stands in the entries before it too: the fold refuses any other.
	if (entry.kind === 'checkpoint') named.state = withoutSessions(entry.state as Json);
	const accessKeyId = entry.kind === 'decision' ? entry.grant?.accessKeyId : undefined;
	return { says: JSON.stringify([named, openedOf(world, entry)]), accessKeyId };
}

function openedOf(world: World, entry: Entry): unknown {
	if (!entry.sealed) return null;
	const key = world.state.keys.get(entry.run);
	const bytes = 'bytes' in entry.sealed ? Buffer.from(entry.sealed.bytes, 'base64url') : world.state.payloads.get(entry.sealed.payload);
	if (!key || key === 'destroyed' || !bytes) return entry.sealed;
	const parsed = contents[entry.kind as ContentKind].safeParse(unseal(key, entry, bytes));
	return parsed.success ? parsed.data : entry.sealed;
}

function withoutSessions(value: Json): Json {
	if (Array.isArray(value)) return value.map(withoutSessions);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [name, name === 'accessKeyId' || name === 'tokenDigest' ? '' : withoutSessions(inner)]),
	);
}

function rest(world: World, sessionOf: (accessKeyId: string) => string, objectNumber: Numbering['objectNumber']): unknown {
	const { state, journal } = world;
	const used = new Set<string>();
	const named = (effects: typeof journal.effects) =>
		effects.map((effect) => {
			used.add(effect.accessKeyId);
			return [objectNumber(effect, ({ accessKeyId: _, ...all }) => all), sessionOf(effect.accessKeyId)];
		});
	const happened = [named(journal.effects), named(journal.arrived), named(journal.refused), journal.forgotten];
	const handedOut = world.handedOut.map((handed) => {
		used.add(handed.credentials.accessKeyId);
		return [objectNumber(handed, ({ credentials: _, token: _token, ...all }) => all), sessionOf(handed.credentials.accessKeyId)];
	});
	return [
		world.nowMs,
		[...state.items].sort(),
		[...state.claims].sort(),
		[...state.keys].map(([run, key]) => [run, key === 'destroyed' ? key : Buffer.from(key).toString('base64')]).sort(),
		happened,
		// Sessions that nobody ever held are a note; of those held, what they allow.
		world.issued.flatMap(({ request, credentials: { accessKeyId, expiresAt } }) =>
			used.has(accessKeyId) ? [[objectNumber(request, ({ tags: _, ...all }) => all), expiresAt, sessionOf(accessKeyId)]] : [],
		),
		handedOut,
		world.inFlight.map((request) => [
			objectNumber(request, ({ context: { credentials: _, ...context }, ...all }) => [all, context]),
			sessionOf(request.context.credentials.accessKeyId),
		]),
		[...world.opened],
		world.acts.map((act) => objectNumber(act, (all) => all)),
		executionsSaid(world.executions, objectNumber),
		[...world.names].sort(),
		world.owed,
		world.rounds,
		[...world.operated].sort(),
	];
}
