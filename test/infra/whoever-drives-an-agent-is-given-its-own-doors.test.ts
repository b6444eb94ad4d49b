// `drivenBy`: what the process of an agent that runs elsewhere needs of IAM, and no more: its own agent's doors, and its own machine for steps.
import { App, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import stockRoom from '../../agents/stock-room/agent.ts';
import { ThroughlineAgent, ThroughlineRuntime, ThroughlineStore } from '../../infra/index.ts';
import letterDesk from './letter-desk/agent.ts';
import { letterDesk as letterFolder, type Template } from './synthesized.ts';

type Given = { readonly Sid: string; readonly Action: string | string[]; readonly Resource: unknown };

/** The statements of a role that drives the stock room, in a stack with another agent beside it. */
function statements(): { given: Given[]; resourcesOf: (sid: string) => string[] } {
	const stack = new Stack(new App({ analyticsReporting: false }), 'Driven');
	const common = { stage: 'dev', retentionDays: 365 } as const;
	const store = new ThroughlineStore(stack, 'Store', { ...common, objectLock: 'off' });
	const runtime = new ThroughlineRuntime(stack, 'Runtime', { ...common, store });
	const agent = new ThroughlineAgent(stack, 'StockRoom', { agent: stockRoom, folder: 'agents/stock-room', runtime });
	new ThroughlineAgent(stack, 'LetterDesk', { agent: letterDesk, folder: letterFolder, runtime });
	agent.drivenBy(new Role(stack, 'Driver', { assumedBy: new ArnPrincipal('arn:aws:iam::111122223333:role/ecs-task') }));
	const { Resources } = (stack.node.root as App).synth().getStackByName('Driven').template as Template;
	const policy = Object.entries(Resources).find(([at]) => at.startsWith('DriverDefaultPolicy'))?.[1];
	if (!policy) throw new Error('the driver was given nothing');
	const given = (policy.Properties?.PolicyDocument as { Statement: Given[] } | undefined)?.Statement ?? [];
	const nameOf = (resource: unknown): string => {
		const [at] = (resource as { 'Fn::GetAtt'?: [string] })['Fn::GetAtt'] ?? [];
		return at === undefined ? JSON.stringify(resource) : String(Resources[at]?.Properties?.FunctionName);
	};
	const resourcesOf = (sid: string) => [given.find(({ Sid }) => Sid === sid)?.Resource ?? []].flat().map(nameOf);
	return { given, resourcesOf };
}
const { given, resourcesOf } = statements();

test('three statements, of four actions', () => {
	expect(given.flatMap(({ Action }) => Action).toSorted()).toEqual([
		'lambda:InvokeFunction',
		'lambda:InvokeFunctionUrl',
		'states:DescribeExecution',
		'states:StartExecution',
	]);
});

test('the doors of its own agent', () => {
	expect(resourcesOf('Doors').toSorted()).toEqual(['intake', 'open', 'status'].map((door) => `throughline-dev-stock-room-${door}`));
});

test('the step machine of its own agent, and executions of it', () => {
	expect(resourcesOf('Steps')).toEqual([expect.stringContaining('stateMachine:throughline-dev-step-stock-room')]);
	expect(resourcesOf('Ends')).toEqual([expect.stringContaining('execution:throughline-dev-step-stock-room:*')]);
});
