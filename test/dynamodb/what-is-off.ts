/**
 * Compares what the outside saw, what the tables hold and what the adapter answered with what the ledgers say.
 * Anything off is a line; none is what every test here demands, and what no naive adapter achieves.
 */

import type { DynamoStore } from '../../adapters/dynamodb/store.ts';
import { ATTEMPTS_PER_STEP, LOOKUPS_PER_STEP } from '../../core/bounds.ts';
import { canonical, parseStored } from '../../core/ledger/chain.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import type { Entry, EntryOf, StoredEntry } from '../../core/ledger/entry.ts';
import type { StepState } from '../../core/ledger/state.ts';
import { type RunCheck, verifyRun } from '../../core/ledger/verify.ts';
import type { Input } from '../doubles/clerk.ts';
import type { Order, Site } from './installation.ts';
import { isAcknowledged } from './witness.ts';

export type Off = { readonly lines: readonly string[]; readonly lost: number; readonly duplicated: number; readonly acknowledged: number };
type Told = { readonly order: Order; readonly stored: readonly StoredEntry[]; readonly check: RunCheck };

/** Sinks whose calls change nothing outside: a reading, and a draft of what the guard commits. */
const harmless: ReadonlySet<string> = new Set(['file', 'draft']);

export async function whatIsOff(site: Site): Promise<Off> {
	const told: Told[] = [];
	for (const order of site.orders) {
		const stored = await storedOf(site.clean, order.run);
		told.push({ order, stored, check: verifyRun(order.run, stored) });
	}
	const lost = await lostWrites(site);
	const duplicated = [...writtenTwice(told), ...doneTwice(site), ...(await offAboutTables(site, told))];
	return {
		lines: [
			...lost,
			...duplicated,
			...site.early.map(({ sink, step }) => `${sink}: step ${step} acted before its grant was acknowledged`),
			...told.flatMap((one) => offAboutRun(site, one)),
			...offOutside(site, told),
			...offAboutGrants(site, told),
			...(site.keyed ? await offAboutClaims(site, told) : []),
		],
		lost: lost.length,
		duplicated: duplicated.length,
		acknowledged: site.asked.filter(isAcknowledged).length,
	};
}

/** All entries of a chain, as they lie in the table. */
export async function storedOf({ ledger }: DynamoStore, chain: string): Promise<StoredEntry[]> {
	const all: StoredEntry[] = [];
	for (let page = await ledger.read(chain, { from: 0, limit: 50 }); page.length > 0; ) {
		all.push(...page);
		page = await ledger.read(chain, { from: (page.at(-1)?.place ?? 0) + 1, limit: 50 });
	}
	return all;
}

/** What was acknowledged stands at its place, byte for byte. */
export async function lostWrites({ asked, clean }: Pick<Site, 'asked' | 'clean'>): Promise<string[]> {
	const lost: string[] = [];
	for (const [chain, acknowledged] of Map.groupBy(asked.filter(isAcknowledged), ({ entry }) => entry.chain)) {
		const bodies = new Map((await storedOf(clean, chain)).map(({ place, body }) => [place, body]));
		for (const { entry } of acknowledged) {
			if (bodies.get(entry.place) !== entry.body) lost.push(`${chain}/${entry.place}: was acknowledged and is not there`);
		}
	}
	return lost;
}

/** A nonce is drawn once an entry, so one that stands twice was written twice. */
function writtenTwice(told: readonly Told[]): string[] {
	const entries = told.flatMap(({ stored }) => stored.flatMap((one) => entriesIn(one)));
	return [...Map.groupBy(entries, ({ run, nonce }) => `${run}: nonce ${nonce}`)]
		.filter(([, same]) => same.length > 1)
		.map(([name, same]) => `${name} stands at ${same.map(({ place }) => place).join(' and ')}`);
}

function entriesIn(stored: StoredEntry): Entry[] {
	const parsed = parseStored(stored);
	// A damaged place is told by the check of its run; what it says of itself still counts here.
	return 'entry' in parsed ? [parsed.entry] : [];
}

function doneTwice({ outside }: Site): string[] {
	const effects = outside.effects.filter(({ sink }) => !harmless.has(sink));
	return [...Map.groupBy(effects, ({ sink, key }) => `${sink}: under key ${key}`)]
		.filter(([, same]) => same.length > 1)
		.map(([name, same]) => `${name} done ${same.length} times, by step ${same[0]?.step}`);
}

function offAboutRun(site: Site, { order, check }: Told): string[] {
	const { run } = order;
	if (check.is === 'broken') return [`${run}: the ledger is broken at place ${check.place}: ${check.why}`];
	const { state, steps } = check;
	const wanted = order.plans.flat().map(({ tool }) => tool);
	const found = [...steps.values()].map(({ tool }) => tool);
	return [
		...(state.closed?.how === 'finished' ? [] : [`${run}: ${state.closed?.how ?? 'has not ended'}`]),
		...state.contradictions.map(({ step }) => `${run} step ${step}: its records contradict each other`),
		...(canonical(found) === canonical(wanted) ? [] : [`${run}: has steps ${found.join()} where ${wanted.join()} were wanted`]),
		...[...steps.values()].flatMap((step) => offAboutStep(site, { run, root: state.root, step })),
	];
}

function offAboutStep({ outside, keyed }: Site, { run, root, step }: { run: string; root: string; step: StepState }): string[] {
	const name = `${run} step ${step.step} ${step.tool}`;
	const result = step.end?.result ?? 'open';
	if (!isExpected(step, keyed)) return [`${name}: ${result}${step.end ? ` by ${step.end.by}` : ''}`];
	if (step.tool === 'file.read' || step.tool === 'book.post') return [];
	const times = outside.effects.filter(({ key }) => key === idempotencyKey(root, step.step)).length;
	if (times === (result === 'done' ? 1 : 0)) return [];
	return [`${name}: the ledger says ${result}, and it was done ${times} times`];
}

/**
 * Nothing but a person's word ends a step as failed here: about a manual one, whose target knows neither keys nor answers,
 * or about one that was tried or looked up as often as is allowed. A claimed key denies, and so do attempts that are used up.
 */
function isExpected({ end, tool, attempts, lookups }: StepState, keyed: boolean): boolean {
	const usedUp = attempts.length >= ATTEMPTS_PER_STEP;
	if (end?.result === 'failed') return end.by === 'person' && (tool === 'letter.send' || usedUp || lookups >= LOOKUPS_PER_STEP);
	return end?.result === 'done' || (end?.result === 'denied' && (keyed || usedUp));
}

const wholeOf = (told: readonly Told[]) => told.flatMap(({ order, check }) => (check.is === 'whole' ? [{ order, ...check }] : []));

function offOutside({ outside }: Site, told: readonly Told[]): string[] {
	const known = new Set(wholeOf(told).flatMap(({ state, steps }) => [...steps.keys()].map((step) => idempotencyKey(state.root, step))));
	return outside.effects.filter(({ key }) => !known.has(key)).map(({ sink, step }) => `${sink}: done for step ${step} of no ledger`);
}

/** I1: what was handed out is in a ledger. */
function offAboutGrants({ handedOut }: Site, told: readonly Told[]): string[] {
	const granted = new Set(
		wholeOf(told).flatMap(({ entries }) =>
			entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : [])),
		),
	);
	return handedOut
		.filter(({ credentials }) => !granted.has(credentials.accessKeyId))
		.map(({ run, step }) => `${run} step ${step}: credentials were handed out that no ledger grants`);
}

/** Each transaction that is done has changed the table once, and no other has. */
async function offAboutTables({ clean, orders }: Site, told: readonly Told[]): Promise<string[]> {
	const done = new Set(
		told.flatMap(({ stored }) =>
			stored
				.flatMap((one) => entriesIn(one))
				.flatMap((entry) => (entry.kind === 'outcome' && entry.result === 'done' ? [`${entry.run}.${entry.step}`] : [])),
		),
	);
	const posted = new Map<string, number>();
	for (const { run, plans } of orders) {
		for (const [index, { tool, input }] of plans.flat().entries()) {
			if (tool !== 'book.post') continue;
			const { what, cents = 1 } = input as Input;
			posted.set(what, (posted.get(what) ?? 0) + (done.has(`${run}.${index + 1}`) ? cents : 0));
		}
	}
	const off: string[] = [];
	for (const [what, cents] of posted) {
		const found = Number((await clean.tables.get('book', what))?.posted ?? 0);
		if (found !== cents) off.push(`book: ${what} has ${found}, where the ledgers say ${cents}`);
	}
	return off;
}

type Claiming = EntryOf<'decision'> & { readonly claim: { key: string; n: number }; readonly tool: string };

/** A claim and the decision that makes it land together: the newest claim is that of the decision with the highest n. */
async function offAboutClaims({ clean, orders }: Site, told: readonly Told[]): Promise<string[]> {
	const decisions = wholeOf(told).flatMap(({ entries, steps }) =>
		entries.flatMap((entry): Claiming[] =>
			entry.kind === 'decision' && entry.claim ? [{ ...entry, claim: entry.claim, tool: steps.get(entry.step)?.tool ?? '' }] : [],
		),
	);
	const claimed = Map.groupBy(decisions, ({ tool, claim }) => `${tool} on ${claim.key}`);
	const pairs = orders.flatMap(({ plans }) => plans.flat().map(({ tool, input }) => ({ tool, key: input.what })));
	const off: string[] = [];
	for (const { tool, key } of new Map(pairs.map((pair) => [`${pair.tool} on ${pair.key}`, pair])).values()) {
		const made = (claimed.get(`${tool} on ${key}`) ?? []).toSorted((one, other) => one.claim.n - other.claim.n);
		if (made.some(({ claim }, index) => claim.n !== index + 1))
			off.push(`${tool} on ${key}: claims ${made.map(({ claim }) => claim.n).join()}`);
		const last = made.at(-1);
		const held = await clean.claims.latest(tool, key);
		const says = (claim: { n: number; run: string; step: number } | undefined) =>
			claim ? `${claim.n} of ${claim.run}.${claim.step}` : 'none';
		const wanted = says(last && { n: last.claim.n, run: last.run, step: last.step });
		if (says(held) !== wanted) off.push(`${tool} on ${key}: the claim is ${says(held)}, where the ledgers say ${wanted}`);
	}
	return off;
}
