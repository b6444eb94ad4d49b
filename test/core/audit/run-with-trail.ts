/** A run of the functions that ship, in memory, with the trail that AWS would have kept of it, to be altered by an attacker. */
import type { Reconciling } from '../../../core/audit/reconcile.ts';
import type { Witness } from '../../../core/audit/witness.ts';
import { canonical, sha256 } from '../../../core/ledger/chain.ts';
import type { Entry, StoredEntry } from '../../../core/ledger/entry.ts';
import type { SessionRequest } from '../../../core/ports.ts';
import { decide } from '../../../functions/decide/decide.ts';
import { call, clerk, plans, sinks } from '../../doubles/clerk.ts';
import { ACCOUNT, type Event, type Issued, issueEvent, REGION } from '../../doubles/cloudtrail.ts';
import { BY, install, RUN } from '../../doubles/driver.ts';
import { type Effect, type Fate, outsideWorld } from '../../doubles/outside.ts';
import { eventsOf, expectedOf, terms, witnessesOf } from '../../doubles/trail.ts';

export const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:parcels`;

export type Told = {
	readonly stored: readonly StoredEntry[];
	readonly entries: readonly Entry[];
	readonly issued: readonly Issued[];
	readonly events: readonly Event[];
};

export type Play = {
	readonly tools?: readonly string[];
	/** What becomes of the letter: a manual effect, about which a person is asked where it was cut off. */
	readonly letter?: Fate;
	readonly person?: 'done' | 'failed';
};

const everything = ['file.read', 'book.post', 'pay.send', 'parcel.send', 'letter.send'];

export async function told({ tools = everything, letter = 'goes-well', person }: Play = {}): Promise<Told> {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('letter', letter);
	const access = () => [{ actions: ['sqs:SendMessage'], resources: [QUEUE] }];
	const desk = install({ agent: clerk(outside, { otherwise: { access } }) });
	const at = new Map<Effect, number>();
	outside.meanwhile = (effect) => at.set(effect, desk.clock.now());
	await desk.run(plans(...tools.map((tool) => [call(tool)])));
	if (person) {
		const step = tools.indexOf('letter.send') + 1;
		const answer = person === 'done' ? ({ is: 'done', result: null } as const) : ({ is: 'failed' } as const);
		await decide({ run: RUN, by: BY, answer: { ...answer, step, note: 'looked' } }, desk.operator);
		await desk.recover();
	}
	const happened = new Set(outside.effects.map(({ accessKeyId }) => accessKeyId));
	const calls = outside.arrived
		.filter(({ accessKeyId }) => happened.has(accessKeyId))
		.map((effect) => ({ effect, at: at.get(effect) ?? 0, refused: false }));
	const entries = desk.entries();
	const events = eventsOf({ issued: desk.issuer.issued, calls, entries, readOnly: ['file'] });
	return { stored: desk.state.chains.get(RUN) ?? [], entries, issued: desk.issuer.issued, events };
}

/** What an auditor is given. `unseen`: tools whose effects nothing witnesses. */
export function given(
	{ stored, entries, events }: Told,
	{ unseen = [], more = [] }: { unseen?: readonly string[]; more?: readonly Event[] } = {},
): Reconciling {
	const expected = expectedOf(entries, { sinks, unseen });
	return { run: RUN, stored, witnesses: witnessesOf([...events, ...more]), expected, terms };
}

export const without = (reconciling: Reconciling, drop: (witness: Witness) => boolean): Reconciling => ({
	...reconciling,
	witnesses: [...reconciling.witnesses].filter((one) => !drop(one)),
});

/** The session of one attempt, as it was issued. */
export function sessionOf({ issued }: Told, step: number, attempt: string | number = 1, kind = 'access'): Issued {
	const found = issued.find(({ request }) => request.sessionName === `${RUN}.${step}.${attempt}` && request.role.endsWith(kind));
	if (!found) throw new Error(`no session ${step}.${attempt}`);
	return found;
}

export const placeOf = ({ entries }: Told, kind: Entry['kind'], nth = 0): number =>
	entries.filter((entry) => entry.kind === kind)[nth]?.place ?? -1;

/** One entry as an attacker would have it, in canonical form, its own link as it was. */
export const edited = (stored: readonly StoredEntry[], place: number, change: (entry: Record<string, unknown>) => unknown): StoredEntry[] =>
	stored.map((one) => (one.place === place ? { ...one, body: canonical(change(JSON.parse(one.body))) } : one));

/** The same, with every later entry linked anew: a ledger that holds together. */
export function rechained(stored: readonly StoredEntry[], from: number): StoredEntry[] {
	const chain: StoredEntry[] = [];
	for (const one of stored) {
		const before = chain.at(-1);
		const body = before && one.place > from ? canonical({ ...JSON.parse(one.body), prev: sha256(before.body) }) : one.body;
		chain.push({ ...one, body });
	}
	return chain;
}

/** A session's issue once more, otherwise than it was asked for. Under its own key it is the same event, which says otherwise. */
export function issuedAnew(run: Told, step: number, request: Partial<SessionRequest>, accessKeyId?: string): Event {
	const issued = sessionOf(run, step);
	const credentials = { ...issued.credentials, ...(accessKeyId !== undefined && { accessKeyId }) };
	return issueEvent({ request: { ...issued.request, ...request }, credentials });
}
