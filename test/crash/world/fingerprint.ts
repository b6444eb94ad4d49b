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
import type { World } from './world.ts';

type Told = { readonly says: string; readonly session: string | undefined };
/** By body; entries never change, and explored worlds share most of them. */
const told = new Map<string, Told>();
/** Hashes of entries, by which decisions name the control chains they were made under. */
const places = new Map<string, string>();

export function fingerprint(world: World): string {
	const sessions = new Map<string, string>();
	const lines: string[] = [];
	for (const chain of [...world.state.chains.keys()].sort()) {
		for (const stored of world.state.chains.get(chain) ?? []) {
			const { says, session } = told.get(stored.body) ?? tell(world, stored);
			if (session) sessions.set(session, `${chain} ${stored.place}`);
			lines.push(says);
		}
	}
	lines.push(JSON.stringify(rest(world, (accessKeyId) => sessions.get(accessKeyId) ?? `unrecorded ${accessKeyId}`)));
	return digestOf(lines.join('\n'));
}

function tell(world: World, stored: StoredEntry): Told {
	const entry = JSON.parse(stored.body) as Entry;
	places.set(sha256(stored.body), `${stored.chain} ${stored.place}`);
	const { prev: _prev, nonce: _nonce, gen: _gen, sealed: _sealed, ...clear } = entry;
	let session: string | undefined;
	const named: { [name: string]: unknown } = { ...clear };
	if (entry.kind === 'decision') {
		session = entry.grant?.accessKeyId;
		if (entry.grant) named.grant = { ...entry.grant, accessKeyId: '', tokenDigest: '' };
		if (entry.controls) named.controls = entry.controls.map((hash) => places.get(hash) ?? hash);
	}
	if (entry.kind === 'outcome' && entry.commit) named.commit = '';
	// What a checkpoint holds of sessions stands in the entries before it too: the fold refuses any other.
	if (entry.kind === 'checkpoint') named.state = withoutSessions(entry.state as Json);
	const says = digestOf(JSON.stringify([named, openedOf(world, entry)]));
	const known = { says, session };
	told.set(stored.body, known);
	return known;
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

function rest(world: World, sessionOf: (accessKeyId: string) => string): unknown {
	const { state, journal, executions } = world;
	const index = new Map(executions.map(({ id }, position) => [id, position]));
	const used = new Set([...journal.arrived, ...journal.effects, ...journal.refused].map(({ accessKeyId }) => accessKeyId));
	for (const { credentials } of world.handedOut) used.add(credentials.accessKeyId);
	const named = (effects: typeof journal.effects) => effects.map((effect) => ({ ...effect, accessKeyId: sessionOf(effect.accessKeyId) }));
	return [
		world.nowMs,
		[...state.items].sort(),
		[...state.claims].sort(),
		[...state.keys].map(([run, key]) => [run, key === 'destroyed' ? key : Buffer.from(key).toString('base64')]).sort(),
		[named(journal.effects), named(journal.arrived), named(journal.refused), journal.forgotten],
		// Sessions that nobody ever held are a note; of those held, what they allow.
		world.issued.flatMap(({ request: { tags: _tags, ...request }, credentials: { accessKeyId, expiresAt } }) =>
			used.has(accessKeyId) ? [[sessionOf(accessKeyId), request, expiresAt]] : [],
		),
		world.handedOut.map(({ credentials: { accessKeyId }, token: _token, ...handed }) => ({ ...handed, session: sessionOf(accessKeyId) })),
		world.inFlight.map(({ context: { credentials, ...context }, ...request }) => [request, context, sessionOf(credentials.accessKeyId)]),
		[...world.opened],
		world.acts,
		executions.map(({ id: _id, parent, standing, ...execution }) => [
			execution,
			parent && [index.get(parent.id) ?? -1, parent.branch ?? null],
			standingSaid(standing, index),
		]),
		[...world.names].sort(),
		world.owed,
		world.rounds,
		[...world.operated].sort(),
	];
}

/** Executions are told apart by where they stand in the list, not by how many there were before them. */
function standingSaid(standing: World['executions'][number]['standing'], index: ReadonlyMap<number, number>): unknown {
	if (standing.is === 'started') return { ...standing, execution: index.get(standing.execution) ?? -1 };
	if (standing.is === 'map') return { ...standing, branches: standing.branches.map((branch) => standingSaid(branch, index)) };
	return standing;
}
