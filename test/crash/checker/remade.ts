/**
 * Every decision made once more, by whoever has nothing but the ledgers, the agent and its policies: it has to come out as it
 * was recorded. Needs the agent itself, so it stands beside `check`, which needs plain data only.
 */
import type { Agent } from '../../../core/agent/agent.ts';
import type { Json } from '../../../core/ids.ts';
import { parseStored } from '../../../core/ledger/chain.ts';
import { type Content, contentDigest } from '../../../core/ledger/content.ts';
import type { EntryOf } from '../../../core/ledger/entry.ts';
import { fold, openedOf } from '../../../core/ledger/fold.ts';
import { openAttempts, type RunState, stepOf } from '../../../core/ledger/state.ts';
import { opinion } from '../../../core/policy/opinion.ts';
import type { Policies } from '../../../core/ports.ts';
import { judge, type Phase, type Verdict } from '../../../core/step/judge.ts';
import { type Remembered, remembered } from '../remember/remembered.ts';
import { type Account, accountOf } from './account.ts';
import type { Finding } from './finding.ts';
import type { Seen } from './seen.ts';

export type Deciders = { readonly agent: Agent; readonly policies: Policies; readonly marginMs: number };

/** @param accounts of its runs, where they were read already */
export function remade(
	seen: Seen,
	deciders: Deciders,
	accounts: readonly Account[] = seen.runs.map((run) => accountOf(run, seen.state)),
): Finding[] {
	return accounts.flatMap((account) => {
		const key = seen.state.keys.get(account.seen.run);
		return key instanceof Uint8Array ? ofRun(seen, account, { ...deciders, key }) : [];
	});
}

function ofRun(seen: Seen, account: Account, deciders: Deciders & { key: Uint8Array }): Finding[] {
	const { run } = account.seen;
	const found: Finding[] = [];
	let state: RunState | undefined;
	for (const stored of seen.state.chains.get(run) ?? []) {
		const parsed = parseStored(stored);
		if ('broken' in parsed) return found;
		const { entry } = parsed;
		const before = state;
		// What it was decided on stands before it, and it names the hash of that.
		const made = (entry: EntryOf<'decision'>) => ({ says: before && differs(entry, { state: before, account, deciders }) });
		const says = entry.kind === 'decision' ? decisionsOf(deciders).of(stored.body, () => made(entry)).says : undefined;
		if (says !== undefined && entry.kind === 'decision')
			found.push({ kind: 'not-remade', run, step: entry.step, says: `place ${entry.place}: ${says}` });
		const content = account.contents.get(entry.place);
		const folded = fold(state, entry, parsed.hash, content === undefined ? {} : openedOf(entry, content));
		if (folded.is === 'illegal') return found;
		state = folded.state;
	}
	return found;
}

/** Decisions made again, by the agent whose they are. */
const decisions = new WeakMap<Agent, Remembered<string, { readonly says: string | undefined }>>();
function decisionsOf({ agent }: Deciders): Remembered<string, { readonly says: string | undefined }> {
	const known = decisions.get(agent) ?? remembered('a decision made again');
	decisions.set(agent, known);
	return known;
}

type Before = { readonly state: RunState; readonly account: Account; readonly deciders: Deciders & { key: Uint8Array } };

/** How the decision comes out now, where that is not what was recorded. */
function differs(entry: EntryOf<'decision'>, { state, account, deciders }: Before): string | undefined {
	const { agent, policies, marginMs, key } = deciders;
	const step = stepOf(state, entry.step);
	const tool = step && agent.tools.get(step.tool);
	const intent = account.contents.get(step?.intentPlace ?? -1) as Content<'intent'> | undefined;
	const planned = account.entries.find(({ place }) => place === step?.intentPlace);
	const index = planned?.kind === 'intent' ? planned.calls.findIndex((call) => call.step === entry.step) : -1;
	const call = intent?.calls[index];
	if (!step || !tool || !call) return 'the call it decides on cannot be read';
	const now = entry.at;
	const open = openAttempts(step).map(({ attempt }) => attempt);
	const phase: Phase = entry.asks || entry.hold?.for === 'doubt' ? { is: 'settle', waitedFor: open } : { is: 'act' };
	const digestShown = (shown: Json): string => contentDigest(key, 'shown', shown);
	const verdict = judge(state, {
		step: entry.step,
		epoch: state.epoch,
		phase,
		tool: { ...tool, canLookUp: tool.lookup !== undefined },
		frozen: false,
		now,
		marginMs,
		windowMs: tool.timeoutSeconds * 1000 + marginMs,
		opinion: (judged) =>
			opinion(state, judged, { agent, tool, policies, call: { input: call.input as Json, purpose: call.purpose }, now, digestShown }),
	});
	const again = toldBy(verdict, digestShown);
	const recorded = toldIn(entry);
	// Who holds a business key is written in another run's ledger; everything before that question is decided here.
	if (recorded === 'deny: claimed' && verdict.is === 'grant') return undefined;
	return again === recorded ? undefined : `recorded is ${recorded}; made again it is ${again}`;
}

function toldBy(verdict: Verdict, digestShown: (shown: Json) => string): string {
	switch (verdict.is) {
		case 'grant':
			return `grant ${verdict.attempt}: ${verdict.opinion.reason}`;
		case 'deny':
			return `deny: ${verdict.opinion.reason}`;
		case 'look-up':
			return `look up ${verdict.asks.join()}`;
		case 'hold':
			return verdict.for === 'approval' ? `hold: approval of ${digestShown(verdict.opinion.shown)}` : 'hold: doubt';
		default:
			return verdict.is;
	}
}

function toldIn({ verdict, reason, attempt, asks, hold }: EntryOf<'decision'>): string {
	if (verdict === 'deny') return `deny: ${reason}`;
	if (verdict === 'hold') return hold?.for === 'approval' ? `hold: approval of ${hold.shown}` : 'hold: doubt';
	return asks ? `look up ${asks.join()}` : `grant ${attempt}: ${reason}`;
}
