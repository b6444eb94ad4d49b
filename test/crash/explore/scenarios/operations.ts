/** What operators do while a run is under way: freezes and thaws of all scopes, a stop, a look at it, a key destroyed too early; an agent from outside. */
import { agentChain, everythingChain, toolFunction } from '../../../../core/ids.ts';
import { call } from '../../../doubles/clerk.ts';
import type { Operation } from '../../world/scenario.ts';
import { errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

/** At any moment, and taken back once nothing else goes on. */
export function frozenAndThawed(chain: string, run = RUN): Operation[] {
	const asks = (is: string) => ({
		function: chain === run ? 'freeze-run' : 'freeze-chain',
		event: { ...(chain === run ? { run } : { chain }), is, by: 'local:alice', reason: 'because' },
	});
	return [
		{ name: 'freeze', run, asks: asks('freeze'), when: 'any', act: { is: 'freeze', chain } },
		{
			name: 'thaw',
			run,
			asks: asks('thaw'),
			when: 'quiet',
			enabled: ({ operated }) => operated.has('freeze'),
			act: { is: 'thaw', chain },
		},
	];
}
type Stop = { readonly run?: string; readonly enabled?: Operation['enabled'] };
export const stop = (when: Operation['when'], { run = RUN, enabled }: Stop = {}): Operation => ({
	name: 'stop',
	asks: { function: 'close', event: { run, reason: 'because' } },
	run,
	when,
	act: { is: 'stop', chain: run },
	...(enabled && { enabled }),
});
const hasOpened =
	(entries: number): Operation['enabled'] =>
	({ state }) =>
		(state.chains.get(RUN)?.length ?? 0) >= entries;

const stepOf = (name: string, execution: string, at: Pick<Operation, 'when' | 'enabled'>): Operation => ({
	name,
	run: RUN,
	asks: {
		machine: 'step',
		name: execution,
		input: {
			...{ run: RUN, agent: 'clerk', epoch: 0, step: 1, hint: 0 },
			...{ tool: 'parcel.send', function: toolFunction('clerk', 'parcel.send'), call: call('parcel.send') },
		},
	},
	...at,
});

const frozen = (name: string, chain: string, tool: string): Listed => ({
	name,
	thousands: 70,
	make: () => errand(name, { plans: { [RUN]: [[call(tool)]] }, operations: frozenAndThawed(chain) }),
});

export const operations: readonly Listed[] = [
	frozen('clerk: the run is frozen and thawed', RUN, 'pay.send'),
	frozen('clerk: its agent is frozen and thawed', agentChain('clerk'), 'parcel.send'),
	frozen('clerk: everything is frozen and thawed', everythingChain, 'book.post'),
	{
		name: 'clerk: stopped while a lookup is open',
		make: (name) => errand(name, { plans: { [RUN]: [[call('parcel.send')]] }, operations: [stop('any')], unsure: true }),
	},
	{
		name: 'clerk: stopped while a manual step is open',
		make: (name) => errand(name, { plans: { [RUN]: [[call('letter.send')]] }, operations: [stop('any')], unsure: true }),
	},
	{
		name: 'clerk: looked at meanwhile',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('file.read')]] },
				operations: [{ name: 'look', asks: { function: 'status', event: { run: RUN } }, run: RUN, when: 'any' }],
			}),
	},
	{
		name: 'clerk: its key is destroyed too early',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [] },
				driver: 'outside',
				operations: [
					{ name: 'erase', asks: { function: 'erase', event: { run: RUN } }, run: RUN, when: 'any' },
					stop('any', { enabled: ({ operated }) => operated.has('erase') }),
					{ ...(frozenAndThawed(RUN)[0] as Operation), enabled: ({ operated }) => operated.has('erase') },
					...frozenAndThawed(RUN).slice(1),
				],
			}),
	},
	{
		// Its agent starts the step's execution itself, with the call; and again, where it has not been recorded.
		name: 'clerk: a call comes along with its execution',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('parcel.send')]] },
				driver: 'outside',
				unsure: true,
				operations: [
					stepOf('asks', 'run-1.1', { when: 'any' }),
					stepOf('asks again', 'run-1.1b', { when: 'quiet', enabled: ({ operated }) => operated.has('asks') }),
					stop('quiet', { enabled: hasOpened(3) }),
				],
			}),
	},
	{
		name: 'clerk: driven from outside',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('parcel.send')]] },
				driver: 'outside',
				unsure: true,
				operations: [
					{
						name: 'calls',
						asks: { function: 'clerk-intake', event: { run: RUN, first: 1, calls: [call('parcel.send')] } },
						run: RUN,
						when: 'any',
						starts: 'recovery',
					},
					stop('quiet', { enabled: hasOpened(3) }),
				],
			}),
	},
];
