/**
 * What the sweeper is for, and what it must leave alone: the rule on an execution's end is lost and nobody else looks; it comes
 * while something is under way; an attempt is waited out for longer than a run has to be quiet.
 */
import { call } from '../../../doubles/clerk.ts';
import { fakePolicies } from '../../../doubles/policies.ts';
import { errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

/** Longer than a run has to be quiet before the sweeper looks at it. */
const visibleWithinMs = 600_000;
const plans = { [RUN]: [[call('parcel.send')]] };

export const swept: readonly Listed[] = [
	{ name: 'clerk: the sweeper alone takes it up', make: (name) => errand(name, { plans, sweeper: 'alone' }) },
	{
		// A person is asked; that the answer has the run taken up may be lost.
		name: 'clerk: the sweeper finds an answer',
		make: (name) =>
			errand(name, {
				plans: { [RUN]: [[call('letter.send')]] },
				policies: fakePolicies(({ context }) => (context.approved === true ? 'allow' : 'deny')),
				answers: ({ for: asks }) => (asks === 'approval' ? 'approve' : 'look'),
				unsure: true,
				sweeper: 'alone',
			}),
	},
	{
		name: 'clerk: the sweeper comes meanwhile',
		thousands: 93,
		make: (name) => errand(name, { plans, visibleWithinMs, sweeper: 'beside' }),
	},
	{
		name: 'clerk: the sweeper comes meanwhile, to a run driven from outside',
		make: (name) =>
			errand(name, {
				plans,
				driver: 'outside',
				unsure: true,
				visibleWithinMs,
				sweeper: 'beside',
				operations: [
					{
						name: 'calls',
						asks: { function: 'clerk-intake', event: { run: RUN, first: 1, calls: [call('parcel.send')] } },
						run: RUN,
						when: 'quiet',
					},
				],
			}),
	},
];
