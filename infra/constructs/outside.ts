/**
 * What the process of an agent that runs elsewhere needs: where it says what it calls, and where it hears what became of
 * that. Each agent has its own, so that who drives one agent asks and acts for no run of another.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType, type IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { intakeFunction, statusFunction } from '../../core/ids.ts';
import type { statusVariables, Variables } from '../../functions/lambda/environment.ts';
import type { BundleSpec } from '../bundling/bundle.ts';
import { BoundFunction } from './function.ts';
import { appendsTo, chains, insertsPayloads, readsRuns } from './permissions.ts';
import type { ThroughlineRuntime } from './runtime.ts';

export type OutsideDoorsProps = { readonly agent: Agent; readonly runtime: ThroughlineRuntime; readonly bundle: BundleSpec };

const SECONDS = 30;

export class OutsideDoors extends Construct {
	/** Tells where runs of this agent stand, and how their steps ended. */
	readonly statusUrl: string;
	/** Takes in calls and memory. None for an agent with a planner: nobody else calls for it. */
	readonly intakeUrl: string | undefined;
	readonly functions: readonly BoundFunction[];

	constructor(scope: Construct, id: string, props: OutsideDoorsProps) {
		super(scope, id);
		const status = this.#status(props);
		const intake = props.agent.planner ? undefined : this.#intake(props);
		this.statusUrl = urlOf(status).url;
		this.intakeUrl = intake && urlOf(intake).url;
		this.functions = intake ? [status, intake] : [status];
	}

	#status({ agent, runtime }: OutsideDoorsProps): BoundFunction {
		const { store, surroundings, ledgerEnvironment } = runtime;
		const environment: Variables<typeof statusVariables> = { ...ledgerEnvironment, THROUGHLINE_AGENT: agent.name };
		return new BoundFunction(this, 'Status', {
			...surroundings,
			name: statusFunction(agent.name),
			bundle: { kind: 'status' },
			timeoutSeconds: SECONDS,
			environment,
			statements: readsRuns(store, [chains.everything, chains.agent(agent.name)]),
		});
	}

	#intake({ agent, runtime, bundle }: OutsideDoorsProps): BoundFunction {
		const { store, surroundings, ledgerEnvironment } = runtime;
		return new BoundFunction(this, 'Intake', {
			...surroundings,
			name: intakeFunction(agent.name),
			bundle,
			timeoutSeconds: SECONDS,
			environment: ledgerEnvironment,
			statements: [...readsRuns(store, []), appendsTo(store, [chains.runs]), insertsPayloads(store)],
		});
	}
}

const urlOf = ({ function: deployed }: BoundFunction): IFunctionUrl => deployed.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });

/** What the process of an agent needs of IAM: its doors, and executions of steps to start and to ask after. */
export function statementsOfDriving(
	scope: Construct,
	{ doors, stepMachine }: { doors: readonly BoundFunction[]; stepMachine: string | undefined },
): PolicyStatement[] {
	const functions = doors.map(({ function: { functionArn } }) => functionArn);
	const asking = new PolicyStatement({
		sid: 'Doors',
		actions: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
		resources: functions,
	});
	if (stepMachine === undefined) return [asking];
	const executions = Stack.of(scope).formatArn({ service: 'states', resource: `execution:${stepMachine.split(':').at(-1) ?? ''}:*` });
	return [
		asking,
		new PolicyStatement({ sid: 'Steps', actions: ['states:StartExecution'], resources: [stepMachine] }),
		new PolicyStatement({ sid: 'Ends', actions: ['states:DescribeExecution'], resources: [executions] }),
	];
}
