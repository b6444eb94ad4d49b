/** Runs that crash, race, are cut off, frozen and recovered, in which everybody is honest, with the trail that AWS would keep of them. */
import type { Witness } from '../../core/audit/witness.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Plan } from '../crash/schedules/plan.ts';
import { entriesOf } from '../crash/schedules/reports.ts';
import type { World } from '../crash/schedules/world.ts';
import type { Event, Issued } from '../doubles/cloudtrail.ts';
import { eventsOf, expectedOf, terms, witnessesOf } from '../doubles/trail.ts';

/** A tool that says the contrary of what it said is no honest one. */
export const honestly = (plan: Plan): Plan => ({
	...plan,
	happenings: plan.happenings.filter(({ what }) => what.is !== 'report-again' || !what.opposite),
});

export type Lived = {
	readonly run: string;
	readonly stored: readonly StoredEntry[];
	readonly witnesses: Witness[];
	readonly events: Event[];
};

export function livedOf(world: World, run: string): Lived {
	const { state, issuer, sinks, agent } = world;
	const mine = (issued: Issued): boolean => issued.request.tags.run === run;
	const refused = new Set(sinks.journal.refused);
	const ends = new Map(issuer.issued.map(({ request, credentials }) => [credentials.accessKeyId, endOf(request.policy)]));
	const calls = sinks.journal.arrived.flatMap((effect, index) => {
		const at = sinks.arrivedAt[index] ?? 0;
		// Sinks that change nothing take whatever comes; AWS would turn away a process that outlives its session there too.
		const changesNothing = ['read', 'transaction'].includes(agent.tools.get(effect.sink)?.effect ?? '');
		const late = changesNothing && at > (ends.get(effect.accessKeyId) ?? 0);
		return effect.run === run ? [{ effect, at, refused: late || refused.has(effect) }] : [];
	});
	const events = eventsOf({ issued: issuer.issued.filter(mine), calls, entries: entriesOf(state, run), readOnly: ['file.read'] });
	return { run, stored: state.chains.get(run) ?? [], witnesses: witnessesOf(events), events };
}

/** What `reconcile` is given of it. */
export const reconciling = ({ run, stored, witnesses }: Lived) => ({
	run,
	stored,
	witnesses,
	expected: expectedOf(parsed(stored), {}),
	terms,
});

/** When the session policy begins to deny everything. */
const endOf = (policy: string): number => Date.parse(/"aws:CurrentTime":"([^"]+)"/.exec(policy)?.[1] ?? '');

const parsed = (stored: readonly StoredEntry[]) =>
	stored.flatMap((one) => {
		const read = parseStored(one);
		return 'entry' in read ? [read.entry] : [];
	});
