/** What runs and steps share: business keys, budgets, what was learned, memory; and what is too large for an entry. */
import * as z from 'zod';
import type { Planner } from '../../../../index.ts';
import { call, type Input } from '../../../doubles/clerk.ts';
import { fakePolicies } from '../../../doubles/policies.ts';
import { type Errand, errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

const key = ({ what }: Input): string => what;
const spend = ({ cents }: Input): number => cents ?? 0;
const facts = (said: { receipt: string }, { what }: Input) => [{ type: 'Thing', id: what, attributes: { receipt: said.receipt } }];

/** What ended stands in its memory; of what has ended since, it is told. */
const remembered = z.object({ ended: z.array(z.string()) });
const remembering: Planner = (situation) => {
	const before = situation.memory === undefined ? [] : remembered.parse(situation.memory).ended;
	const ended = [...before, ...situation.happened.map((one) => ('step' in one ? one.ended : 'refused'))];
	const all = z.object({ plans: z.array(z.array(z.json())) }).parse(situation.task).plans;
	const next = all.at(ended.length);
	if (!next) return { finish: ended };
	const calls = next as unknown as ReturnType<typeof call>[];
	return { calls, memory: { ended } };
};

const twoRuns: Errand = {
	plans: { 'run-1': [[call('pay.send')]], 'run-2': [[call('pay.send')]] },
	until: ({ state }) => [...state.chains.values()].every((entries) => entries.length > 1),
	agent: { otherwise: { key } },
	unsure: true,
	want: ({ input }) => ({ key: input.what }),
};

export const shared: readonly Listed[] = [
	{
		name: 'clerk: two runs on one business key, in every order',
		thousands: 131,
		make: (name) => errand(name, twoRuns),
	},
	{ name: 'clerk: two runs on one business key', make: (name) => errand(name, { ...twoRuns, orders: 'in line' }) },
	{
		name: 'clerk: two steps on one business key',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('parcel.send'), call('parcel.send')]] },
				agent: { otherwise: { key } },
				unsure: true,
				want: ({ input }) => ({ key: input.what }),
			}),
	},
	{
		name: 'clerk: a spend budget for one of two',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('pay.send', 'a', 60), call('pay.trace', 'b', 60)]] },
				agent: { otherwise: { spend }, budget: { spend: 100 } },
				unsure: true,
				want: ({ input }) => ({ spend: input.cents ?? 0 }),
			}),
	},
	{
		name: 'clerk: the budget of steps is used up',
		make: (name) =>
			errand(name, { plans: { [RUN]: [[call('pay.send')], [call('file.read')]] }, agent: { budget: { steps: 1 } }, unsure: true }),
	},
	{
		name: 'clerk: facts are learned beside another step',
		make: (name) => errand(name, { plans: { [RUN]: [[call('file.read', 'a'), call('pay.send', 'b')]] }, agent: { otherwise: { facts } } }),
	},
	{
		name: 'clerk: remembers',
		make: (name) =>
			errand(name, { plans: { [RUN]: [[call('file.read', 'a')], [call('pay.send', 'b')]] }, agent: { planner: remembering } }),
	},
	{
		name: 'clerk: contents too large for an entry',
		make: (name) => errand(name, { plans: { [RUN]: [[{ ...call('pay.send', 'x'.repeat(5_000)), purpose: 'pay' }]] } }),
	},
	{
		name: 'clerk: a policy denies',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('letter.send')]] },
				policies: fakePolicies(() => 'deny'),
				unsure: true,
			}),
	},
];
