/**
 * Lays a run's ledger and its witnesses side by side and raises what disagrees, once each. The judging is core's; here is only
 * the reading: what the files cover before the witnesses that are vouched for by it, and witnesses before the ledger, so that no
 * session seen in use lacks its decision for having been read too early.
 *
 * A crash anywhere in here costs this reading. A finding raised twice is one finding.
 */
import type { Agent } from '../../core/agent/agent.ts';
import { type Finding, findingOf, tamperedAt } from '../../core/audit/finding.ts';
import { type Reconciled, reconcile } from '../../core/audit/reconcile.ts';
import type { Terms } from '../../core/audit/terms.ts';
import { atLarge, type Witness } from '../../core/audit/witness.ts';
import { runId } from '../../core/ids.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Store } from '../../core/ledger/read.ts';
import { verifyControl } from '../../core/ledger/verify.ts';
import type { Coverage, Findings, Witnesses } from '../../core/ports.ts';
import { wholeChain } from '../whole-chain.ts';
import { expectedOf } from './expected.ts';
import { filesSaid } from './files-said.ts';

export type ReconcileSurroundings = {
	readonly store: Store;
	readonly witnesses: Witnesses;
	/** What the trail's files cover; none where the trail has no files. */
	readonly coverage?: Coverage;
	readonly findings: Findings;
	/** The agent's code, to say what should be seen; without it every effect is reported as unwitnessable. */
	readonly agentOf: (name: string) => Promise<Agent | undefined>;
	/** Taken before anything is read. */
	readonly terms: () => Promise<Terms>;
};

/** `raised`: those that nobody had raised before. */
export type Audited = Reconciled & { readonly raised: number };

const WITNESSES_PER_PAGE = 500;
/** More than any run's sessions can do within their attempts; past it a run is not judged on a part. */
const WITNESSES_AT_MOST = 200_000;

/** One run, or `atLarge.unplaced` and `atLarge.record` for what names none. @throws what a port throws: it is then asked again. */
export async function reconcileRun(run: string, around: ReconcileSurroundings): Promise<Audited> {
	const given = await around.terms();
	const isRun = runId.safeParse(run).success;
	const files = isRun && around.coverage && (await filesSaid(run, { ledger: around.store.ledger, coverage: around.coverage }));
	const terms = files ? { ...given, files } : given;
	const witnesses = [...(await allAbout(run, around.witnesses)), ...(await allAbout(atLarge.trail, around.witnesses))];
	const stored = isRun ? await wholeChain(run, around.store) : [];
	const name = agentIn(stored);
	const agent = name === undefined ? undefined : await around.agentOf(name);
	const expected = await expectedOf(run, stored, { store: around.store, agent });
	const reconciled = reconcile({ run, stored, witnesses, expected, terms });
	return { ...reconciled, raised: await raiseAll(reconciled.findings, around.findings) };
}

/** A control chain: what freezes and thaws has no sessions, so its own links and whoever was seen changing it say all. */
export async function reconcileControl(
	chain: string,
	around: ReconcileSurroundings,
): Promise<{ findings: readonly Finding[]; raised: number }> {
	const seen = await allAbout(chain, around.witnesses);
	const checked = verifyControl(chain, await wholeChain(chain, around.store));
	const findings = seen.flatMap((witness) =>
		witness.kind === 'record'
			? [
					findingOf({
						kind: 'tampered-entry',
						about: chain,
						cause: witness.place === null ? `event ${witness.eventID}` : tamperedAt(witness.place),
						why: `${witness.name} by ${witness.by ?? 'somebody'}, which none of our functions does`,
						events: [witness.eventID],
						restsOn: witness.copy,
					}),
				]
			: [],
	);
	if (checked.is === 'broken')
		findings.push(
			findingOf({ kind: 'tampered-entry', about: chain, cause: tamperedAt(checked.place), why: checked.why, restsOn: 'ledger' }),
		);
	const once = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
	return { findings: once, raised: await raiseAll(once, around.findings) };
}

async function raiseAll(found: readonly Finding[], findings: Findings): Promise<number> {
	const ends = await Promise.all(found.map((finding) => findings.raise(finding)));
	return ends.filter((end) => end === 'raised').length;
}

async function allAbout(subject: string, witnesses: Witnesses): Promise<Witness[]> {
	const all: Witness[] = [];
	for (;;) {
		const last = all.at(-1);
		const page = await witnesses.about(subject, { ...(last && { after: last }), limit: WITNESSES_PER_PAGE });
		all.push(...page);
		if (page.length < WITNESSES_PER_PAGE) return all;
		if (all.length > WITNESSES_AT_MOST) throw new RangeError(`there are more than ${WITNESSES_AT_MOST} witnesses about ${subject}`);
	}
}

function agentIn(stored: readonly StoredEntry[]): string | undefined {
	for (const one of stored) {
		const parsed = parseStored(one);
		if ('entry' in parsed && parsed.entry.kind === 'opened') return parsed.entry.agent;
	}
	return undefined;
}
