/** Which interesting things schedules came by. One that is never reached fails the run: the schedules had become trivial. */
import type { Entry } from '../../../core/ledger/entry.ts';
import { entriesOf } from './reports.ts';
import type { World } from './world.ts';

export type Reached = Map<string, number>;

/** All that has to be reached in a night, or in CI. */
export const wantedReached = [
	'in doubt',
	'fenced',
	'held for approval',
	'held for doubt',
	'held by a freeze',
	'looked up',
	'found',
	'absent',
	'contradiction',
	'granted again with the same key',
	'key no longer honoured',
	'claim lost',
	'claim changed hands',
	'budget used up',
	'attempts used up',
	'approved',
	'refused by a person',
	'answer refused before the wait was over',
	'withdrawn before it was handed out',
	'superseded',
	'commit refused',
	'committed',
	'testimony from an earlier epoch',
	'place lost and decided again',
	'write whose end was not known',
	'clocks disagree',
	'ended by the runtime',
	'outlived its time',
	'session turned away at its target',
	'tool not begun, the time was over',
	'execution that exists already',
	'resumed without progress, three times',
	'stopped with an attempt open',
	'host died',
	'known to have failed',
	'two runs',
] as const;

export function reach(reached: Reached, world: World): void {
	const met = new Set<string>();
	const { counts, lives, functions, desk, runs } = world;
	for (const run of runs) for (const entry of entriesOf(world.state, run)) for (const what of byEntry(entry)) met.add(what);
	for (const run of runs) for (const what of byRun(world, run)) met.add(what);
	for (const { answer, error, appends } of functions.invocations) {
		const said = Object(Object(answer).status ?? answer);
		if (said.status === 'in-doubt') met.add('in doubt');
		if (said.status === 'fenced' || said.next === 'fenced') met.add('fenced');
		if (error?.name === 'ClocksDisagree') met.add('clocks disagree');
		if (error?.name === 'AppendUnknown') met.add('write whose end was not known');
		if (new Set(appends.map(({ body }) => body)).size > 1 && appends.length > 1) met.add('place lost and decided again');
	}
	if (functions.logged.some(({ message }) => message.includes('was not begun'))) met.add('tool not begun, the time was over');
	if (desk.acts.some(({ is, told }) => (is === 'done' || is === 'failed') && told === 'fail'))
		met.add('answer refused before the wait was over');
	if (desk.acts.some(({ is, told }) => is === 'refuse' && told === 'ok')) met.add('refused by a person');
	if (lives.counts.ended > 0) met.add('ended by the runtime');
	if (lives.counts.outlived > 0) met.add('outlived its time');
	if (counts.expired > 0) met.add('session turned away at its target');
	if (counts.existed > 0) met.add('execution that exists already');
	if (counts.hosts > 0) met.add('host died');
	if (runs.length > 1) met.add('two runs');
	for (const what of met) reached.set(what, (reached.get(what) ?? 0) + 1);
}

function byEntry(entry: Entry): string[] {
	switch (entry.kind) {
		case 'decision':
			if (entry.verdict === 'hold') return [`held for ${entry.hold?.for}`];
			if (entry.asks) return ['looked up'];
			if (entry.verdict === 'deny') return denied[entry.reason] ? [denied[entry.reason] ?? ''] : [];
			return [
				...(entry.approved ? ['approved'] : []),
				...((entry.claim?.n ?? 1) > 1 ? ['claim changed hands'] : []),
				...((entry.attempt ?? 1) > 1 && entry.effect === 'replay' ? ['granted again with the same key'] : []),
			];
		case 'outcome':
			if (entry.contradicts) return ['contradiction'];
			if (entry.commit) return ['committed'];
			if (entry.by === 'target') return [entry.result === 'done' ? 'found' : 'absent'];
			if (entry.by === 'tool' && entry.result === 'failed') return ['known to have failed'];
			return entry.by === 'guard' ? [ended[entry.reason ?? ''] ?? ''].filter(Boolean) : [];
		default:
			return [];
	}
}

const denied: { readonly [reason: string]: string } = { claimed: 'claim lost', budget: 'budget used up', attempts: 'attempts used up' };
const ended: { readonly [reason: string]: string } = {
	frozen: 'withdrawn before it was handed out',
	superseded: 'superseded',
	'fenced-or-frozen': 'commit refused',
};

function byRun(world: World, run: string): string[] {
	const entries = entriesOf(world.state, run);
	const met: string[] = [];
	let epoch = 0;
	let resumes = 0;
	for (const entry of entries) {
		resumes = entry.kind === 'resumed' ? resumes + 1 : 0;
		if (entry.kind === 'resumed') epoch = entry.epoch;
		if (resumes >= 3) met.push('resumed without progress, three times');
		if (entry.kind === 'outcome' && entry.epoch < epoch) met.push('testimony from an earlier epoch');
		if (entry.kind === 'outcome' && entries.some((other) => other.kind === 'closed' && other.place < entry.place))
			met.push('stopped with an attempt open');
		if (entry.kind === 'decision' && entry.effect === 'replay' && (entry.asks || entry.hold?.for === 'doubt'))
			met.push('key no longer honoured');
	}
	const frozen = entries.some(({ kind }) => kind === 'frozen') || [...world.state.chains.keys()].some((chain) => chain.startsWith('@'));
	const held = world.functions.invocations.some(
		({ event, answer }) => Object(event).run === run && Object(Object(answer).status ?? answer).status === 'held',
	);
	if (frozen && held) met.push('held by a freeze');
	return met;
}
