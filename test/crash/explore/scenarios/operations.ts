/** What operators do while a run is under way: freezes and thaws of all scopes, a stop, a look at it, a key destroyed too early; an agent from outside. */
import { agentChain, everythingChain, toolFunction } from '../../../../core/ids.ts';
import { call } from '../../../doubles/clerk.ts';
import { start } from '../../world/executions.ts';
import type { Operation, Scenario } from '../../world/scenario.ts';
import { errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

/** At any moment, and taken back once nothing else goes on. */
export function frozenAndThawed(chain: string, run = RUN): Operation[] {
	const common = { function: chain === run ? 'freeze-run' : 'freeze-chain', run };
	const event = (is: string) => ({ ...(chain === run ? { run } : { chain }), is, by: 'local:alice', reason: 'because' });
	return [
		{ ...common, name: 'freeze', event: event('freeze'), when: 'any', act: { is: 'freeze', chain } },
		{
			...common,
			name: 'thaw',
			event: event('thaw'),
			when: 'quiet',
			enabled: ({ operated }) => operated.has('freeze'),
			act: { is: 'thaw', chain },
		},
	];
}
type Stop = { readonly run?: string; readonly enabled?: Operation['enabled'] };
export const stop = (when: Operation['when'], { run = RUN, enabled }: Stop = {}): Operation => ({
	name: 'stop',
	function: 'close',
	event: { run, reason: 'because' },
	run,
	when,
	act: { is: 'stop', chain: run },
	...(enabled && { enabled }),
});
const hasOpened =
	(entries: number): Operation['enabled'] =>
	({ state }) =>
		(state.chains.get(RUN)?.length ?? 0) >= entries;

const frozen = (name: string, chain: string, tool: string): Listed => ({
	name,
	make: () => errand(name, { plans: { [RUN]: [[call(tool)]] }, operations: frozenAndThawed(chain) }),
});

/** The execution of its step is started with the call; where it came to nothing before it was recorded, whoever started it calls again. */
function inline(name: string): Scenario {
	const proposed = call('parcel.send');
	const scenario = errand(name, {
		plans: { [RUN]: [[proposed]] },
		driver: 'outside',
		unsure: true,
		operations: [
			{
				name: 'calls again',
				function: 'intake',
				event: { run: RUN, first: 1, calls: [proposed] },
				run: RUN,
				when: 'quiet',
				enabled: ({ state }) => state.chains.get(RUN)?.length === 1,
				starts: 'recovery',
			},
			stop('quiet', { enabled: hasOpened(3) }),
		],
	});
	const ids = { run: RUN, agent: 'clerk', epoch: 0, step: 1, tool: proposed.tool, function: toolFunction('clerk', proposed.tool), hint: 0 };
	const begin = async () => {
		const world = await scenario.begin();
		start(world, { machine: 'step', name: `${RUN}.1`, input: { ...ids, call: proposed } });
		return world;
	};
	return { ...scenario, begin };
}

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
				operations: [{ name: 'look', function: 'status', event: { run: RUN }, run: RUN, when: 'any' }],
			}),
	},
	{
		name: 'clerk: its key is destroyed too early',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [] },
				driver: 'outside',
				operations: [
					{ name: 'erase', function: 'erase', event: { run: RUN }, run: RUN, when: 'any' },
					stop('any', { enabled: ({ operated }) => operated.has('erase') }),
					{ ...(frozenAndThawed(RUN)[0] as Operation), enabled: ({ operated }) => operated.has('erase') },
					...frozenAndThawed(RUN).slice(1),
				],
			}),
	},
	{ name: 'clerk: a step begins with its call', make: inline },
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
						function: 'intake',
						event: { run: RUN, first: 1, calls: [call('parcel.send')] },
						run: RUN,
						when: 'any',
						starts: 'recovery',
					},
					stop('quiet', { enabled: hasOpened(3) }),
				],
			}),
	},
];
