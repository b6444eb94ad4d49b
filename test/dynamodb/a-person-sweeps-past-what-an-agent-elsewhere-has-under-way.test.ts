/** `throughline resume` in an account leaves alone what somebody settles, also where that is in an agent's own `step` machine. */
import { expect, test, vi } from 'vitest';
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import stockRoom from '../../agents/stock-room/agent.ts';
import { asked } from '../e2e/command.ts';
import { deployedAccount } from './deployed-account.ts';

const RUN = 'monday';
/** Longer than a run has to be quiet before anybody looks at it. */
const QUIET_MS = 600_000;

async function resumed(machine: 'StepMachine' | 'StepMachineStockRoom' | undefined): Promise<unknown> {
	const account = await deployedAccount({ agent: stockRoom, policies: cedarPolicies({ agent: stockRoom }) });
	const { environment, outputs, stacks, underWay } = account;
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - QUIET_MS });
	const at = { Authorization: 'AWS4-HMAC-SHA256 Credential=local/today/eu-central-1/lambda/aws4_request' };
	const say = async (door: string, body: object): Promise<unknown> =>
		(await fetch(`${environment.AWS_ENDPOINT_URL}/${door}`, { method: 'POST', headers: at, body: JSON.stringify(body) })).json();
	expect(await say('open', { run: RUN, task: { deliveries: [] } })).toMatchObject({ is: 'opened' });
	const calls = [{ tool: 'stock.receive', input: { item: 'bolts', quantity: 1 }, purpose: 'delivery 1' }];
	expect(await say('intake', { run: RUN, first: 1, calls })).toMatchObject({ is: 'recorded' });
	vi.useRealTimers();
	if (machine) underWay.set(stacks['throughline-dev-runtime'][machine] ?? '', [`${RUN}.1.0.1.0`]);
	return (await asked(['resume', '--outputs', outputs], { environment })).json;
}

test.each(['StepMachine', 'StepMachineStockRoom'] as const)('a step that is under way in %s', async (machine) => {
	expect(await resumed(machine)).toEqual({ runs: [] });
});

test('control: with none under way it is taken up', async () => {
	expect(await resumed(undefined)).toMatchObject({ runs: [{ run: RUN, epoch: 1 }] });
});
