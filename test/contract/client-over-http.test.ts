// The contract of clients, over the doors of a deployment.
import { decide } from '../../functions/decide/decide.ts';
import { clerkTools } from '../doubles/clerk.ts';
import { driven } from '../doubles/driven.ts';
import { BY } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { overHttp } from './installation-over-http.ts';
import { clientContract, GARBLED, LIMIT } from './parts/client.ts';

const policies = () =>
	fakePolicies(({ action, context }) => {
		const { input, approved } = context as { input: { what: string; cents?: number }; approved: boolean };
		if (action.id === 'file.read') return input.what === GARBLED ? 'allow' : 'deny';
		return approved || (input.cents ?? 0) <= LIMIT ? 'allow' : 'deny';
	});

clientContract('over HTTP, signed', async () => {
	const outside = outsideWorld();
	const garbled = { run: async () => ({ read: 'nothing' }) };
	const tools = clerkTools(outside).map((tool) => (tool.name === 'file.read' ? { ...tool, ...garbled } : tool));
	const { desk } = await driven(outside, { policies: policies(), spec: { tools } });
	const { client } = await overHttp(desk);
	return {
		client: client(),
		another: () => client(),
		approve: async (run, step, shown) => {
			await decide({ run, by: BY, answer: { is: 'approve', step, shown, note: 'as asked' } }, desk.operator);
		},
		booked: async (what) => Number(desk.state.items.get(JSON.stringify(['book', what]))?.posted ?? 0),
	};
});
