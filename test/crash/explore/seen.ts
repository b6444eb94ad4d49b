/** A world at rest, as the checker sees it; and what must hold after each single action, of which a world keeps no record. */
import { sha256 } from '../../../core/ledger/chain.ts';
import type { Entry } from '../../../core/ledger/entry.ts';
import type { HandedOut, Invocation } from '../../doubles/functions.ts';
import { check, worldOf } from '../checker/check.ts';
import { remade } from '../checker/remade.ts';
import type { Seen, ToolSeen } from '../checker/seen.ts';
import { MARGIN_MS } from '../world/installation.ts';
import type { Performed } from '../world/perform.ts';
import type { Scenario } from '../world/scenario.ts';
import type { World } from '../world/world.ts';

export function seenOf({ agent, sinks, wanted }: Scenario, world: World): Seen {
	const tools = [...agent.tools.values()].map(({ name, effect }): ToolSeen => ({ name, effect, sink: sinks[name] ?? name }));
	return {
		agent: { name: agent.name, tools, budget: { spend: agent.budget.spend } },
		runs: wanted.map((run) => ({ ...run, told: world.opened.get(run.run) ?? 'unknown' })),
		acts: world.acts,
		state: world.state,
		journal: world.journal,
		sessions: world.issued,
		handedOut: world.handedOut,
		invocations: [],
		logged: [],
		sealed: [],
		rested: true,
	};
}

export function wrongAtRest(scenario: Scenario, world: World): string[] {
	const { agent, policies } = scenario;
	const seen = seenOf(scenario, world);
	const read = worldOf(seen);
	return [...check(seen, read), ...remade(seen, { agent, policies, marginMs: MARGIN_MS }, read.accounts)].map(
		({ kind, run, step, says }) => `${kind}: ${run}${step === undefined ? '' : ` step ${step}`}: ${says}`,
	);
}

/** Of one action: nothing ran into an assertion, said a secret, wrote for an epoch that was over, or dropped a report it took. */
export function wrongWith({ world, invocations, logged }: Performed): string[] {
	const said = [...logged, ...invocations.flatMap(({ error }) => error ?? [])];
	return [
		...said.filter(({ name }) => SECOND_LINE.has(name)).map(({ name, message }) => `fault: ${name}: ${message}`),
		...said.filter(({ message }) => SECRET.test(message)).map(({ message }) => `secret: ${message}`),
		...invocations
			.filter(({ function: name, answer }) => !name.endsWith('__guard') && holdsSecret(answer))
			.map(({ function: name }) => `secret: in the answer of ${name}`),
		...invocations.flatMap((invocation) => [...fencedWrites(world, invocation), ...droppedReport(world, invocation)]),
	];
}

const SECOND_LINE = new Set(['AssertionError', 'TypeError', 'ReferenceError', 'RangeError', 'LedgerBroken']);
const SECRET = /secret-access-key-|session-token-/;
/** Of answers that nobody can change. */
const clean = new WeakSet<object>();
function holdsSecret(answer: unknown): boolean {
	if (clean.has(Object(answer))) return false;
	const holds = SECRET.test(JSON.stringify(answer ?? null));
	if (!holds && typeof answer === 'object' && answer !== null && Object.isFrozen(answer)) clean.add(answer);
	return holds;
}

/** Entries of the worlds seen last: they share most of them. */
const entries = new Map<string, Entry>();
const ENTRIES = 50_000;
function entryOf(body: string): Entry {
	const known = entries.get(body);
	if (known) return known;
	if (entries.size >= ENTRIES) entries.clear();
	const entry = JSON.parse(body) as Entry;
	entries.set(body, entry);
	return entry;
}

function fencedWrites({ state }: World, { function: name, event, appends }: Invocation): string[] {
	const { epoch } = Object(event) as { epoch?: unknown };
	if (typeof epoch !== 'number') return [];
	return appends.flatMap(({ chain, body }) => {
		if (!state.chains.get(chain)?.some((stored) => stored.body === body)) return [];
		const entry = entryOf(body);
		return entry.kind === 'outcome' || entry.epoch <= epoch
			? []
			: [`fenced-write: ${name} of epoch ${epoch} wrote ${entry.kind} in ${entry.epoch}`];
	});
}

/** L4: what a tool has reported, and its guard has taken, is in the ledger. A transaction that comes too late has done nothing. */
function droppedReport({ state, handedOut }: World, { event, answer }: Invocation): string[] {
	const { ask, run, step, token, report } = Object(event) as {
		ask?: string;
		run: string;
		step: number;
		token: string;
		report?: { is: string };
	};
	if (ask !== 'report' || (report?.is !== 'done' && report?.is !== 'failed') || Object(answer).is !== 'status') return [];
	const entries = (state.chains.get(run) ?? []).map(({ body }) => entryOf(body));
	const digest = sha256(token);
	const granted = entries.find((entry) => entry.kind === 'decision' && entry.grant?.tokenDigest === digest);
	if (granted?.kind !== 'decision' || granted.attempt === undefined || granted.effect === 'transaction') return [];
	const { attempt } = granted;
	const kept = entries.some(
		(entry) => entry.kind === 'outcome' && entry.step === step && (entry.contradicts || entry.attempts.includes(attempt)),
	);
	return kept || !wasHandedOut(handedOut, token)
		? []
		: [`lost: attempt ${attempt} of step ${step} reported, its guard took it, and no outcome names it`];
}

const wasHandedOut = (handedOut: readonly HandedOut[], token: string): boolean => handedOut.some((handed) => handed.token === token);
