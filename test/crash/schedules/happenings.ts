/** What a plan has happen to the whole place, at some crossing: each of it takes its own turns from then on. */
import { agentChain, everythingChain, guardFunction, type Json } from '../../../core/ids.ts';
import { crossing, mortal } from '../../doubles/mortal.ts';
import type { Place } from './place.ts';
import type { Happens } from './plan.ts';
import { entriesOf, opposite } from './reports.ts';

export type HappensToAll = Exclude<Happens, { is: 'fault' | 'pause' | 'time' | 'left-behind' | 'side-by-side' }>;

export function happen(what: HappensToAll, place: Place): void {
	const { agent, desk, machines, lives, counts, plan } = place;
	const there = place.runs.filter((run) => (place.state.chains.get(run)?.length ?? 0) > 0);
	const [first = 'run-1'] = there;
	switch (what.is) {
		case 'host':
			counts.hosts += 1;
			machines.die();
			if (plan.host === 'takes-its-processes') lives.end();
			return;
		case 'recover':
			for (const run of there) place.recover(run, 'recovery');
			return;
		case 'answer':
		case 'early-answer':
			for (const run of there) desk.answer(run, { unasked: what.is === 'early-answer' });
			return;
		case 'freeze':
			desk.freeze(what.scope === 'run' ? first : what.scope === 'agent' ? agentChain(agent.name) : everythingChain);
			return;
		case 'thaw':
			desk.thaw(first);
			return;
		case 'stop':
			counts.stops += 1;
			desk.stop(there[counts.stops % there.length] ?? first);
			return;
		case 'report-again':
			reportAgain(what.opposite, place);
	}
}

/** The last report once more, or one that says the contrary of what stands: from a process of no execution. */
function reportAgain(contrary: boolean, { agent, state, turns, functions, reported, lied }: Place): void {
	const last = reported.at(-1);
	const request = last && contrary ? opposite(last, state) : last;
	if (!request) return;
	const planned = entriesOf(state, request.run).flatMap((entry) => (entry.kind === 'intent' ? entry.calls : []));
	const tool = planned.find(({ step }) => step === request.step)?.tool;
	if (!tool) return;
	if (request !== last) lied.add(tool);
	void mortal('echo', turns.turn)
		.run(() => crossing(() => functions.invoke(guardFunction(agent.name, tool), request as unknown as Json), 'guard.ask'))
		.catch(() => {});
}
