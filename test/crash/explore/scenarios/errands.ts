/** The clerk's errands: one tool of each effect class and fence, alone, in turn and side by side. */
import { call } from '../../../doubles/clerk.ts';
import { errand, RUN } from './clerk.ts';
import type { Listed } from './listed.ts';

const tools = ['file.read', 'book.post', 'pay.send', 'pay.trace', 'parcel.send', 'letter.send'] as const;
const calls = tools.map((tool) => call(tool, 'it', 7));

export const errands: readonly Listed[] = [
	...tools.map((tool): Listed => {
		const name = `clerk: ${tool}`;
		return { name, make: () => errand(name, { plans: { [RUN]: [[call(tool)]] } }) };
	}),
	{
		name: 'clerk: all tools, one after another',
		thousands: 192,
		make: (name) => errand(name, { plans: { [RUN]: calls.map((one) => [one]) } }),
	},
	{ name: 'clerk: all tools, side by side', thousands: 552, make: (name) => errand(name, { plans: { [RUN]: [calls] } }) },
	{
		name: 'clerk: replay beside lookup, in every order',
		thousands: 91,
		make: (name) => errand(name, { plans: { [RUN]: [[call('pay.send'), call('parcel.send')]] }, orders: 'all' }),
	},
	{
		name: 'clerk: replay beside lookup',
		make: (name) => errand(name, { plans: { [RUN]: [[call('pay.send'), call('parcel.send')]] } }),
	},
	{
		name: 'clerk: transaction beside manual, in every order',
		thousands: 97,
		make: (name) => errand(name, { plans: { [RUN]: [[call('book.post'), call('letter.send')]] }, orders: 'all' }),
	},
	{ name: 'clerk: a run is opened', make: (name) => errand(name, { plans: { [RUN]: [[call('pay.send')]] }, opens: true }) },
];
