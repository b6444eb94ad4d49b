// The contract of clients, over the doors of a deployment.
import { decide } from '../../functions/decide/decide.ts';
import { driven } from '../doubles/driven.ts';
import { BY } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { overHttp } from './installation-over-http.ts';
import { clientContract, LIMIT } from './parts/client.ts';

const policies = () =>
	fakePolicies(({ action, context }) => {
		if (action.id === 'file.read') return 'deny';
		const { input, approved } = context as { input: { cents?: number }; approved: boolean };
		return approved || (input.cents ?? 0) <= LIMIT ? 'allow' : 'deny';
	});

clientContract('over HTTP, signed', async () => {
	const { desk } = await driven(outsideWorld(), { policies: policies() });
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
