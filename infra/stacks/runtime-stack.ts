/** What runs: state machines, functions and roles. It can be torn down and deployed again; every run goes on from its ledger. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { pascal } from '../../core/ids.ts';
import type { LoadedAgent } from '../../local/load-agent.ts';
import { ThroughlineAgent } from '../constructs/agent.ts';
import { ThroughlineRuntime } from '../constructs/runtime.ts';
import type { ThroughlineStore } from '../constructs/store.ts';
import { type DeploymentContext, namePrefix } from '../context.ts';

export type RuntimeStackProps = StackProps & {
	readonly context: DeploymentContext;
	readonly agents: readonly LoadedAgent[];
	readonly store: ThroughlineStore;
	readonly tables: ReadonlyMap<string, Readonly<Record<string, Table>>>;
	/** What agents get of their declared settings. */
	readonly environment: Readonly<Record<string, string | undefined>>;
};

export class RuntimeStack extends Stack {
	readonly runtime: ThroughlineRuntime;

	constructor(scope: Construct, id: string, { context, agents, store, tables, environment, ...props }: RuntimeStackProps) {
		super(scope, id, props);
		const runtime = new ThroughlineRuntime(this, 'Runtime', { ...context, store });
		this.runtime = runtime;
		const output = (name: string, value: string) => new CfnOutput(this, name, { value });
		for (const { agent, folder } of agents) {
			const settings = Object.fromEntries(
				agent.settings.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
			);
			const deployed = new ThroughlineAgent(this, pascal(agent.name), {
				agent,
				folder,
				runtime,
				settings,
				tables: tables.get(agent.name) ?? {},
			});
			output(`OpenUrl${pascal(agent.name)}`, deployed.openUrl);
			output(`StatusUrl${pascal(agent.name)}`, deployed.outside.statusUrl);
			if (deployed.outside.intakeUrl) output(`IntakeUrl${pascal(agent.name)}`, deployed.outside.intakeUrl);
			if (deployed.stepMachine) output(`StepMachine${pascal(agent.name)}`, deployed.stepMachine);
		}
		output('NamePrefix', namePrefix(context.stage));
		output('DecideUrl', runtime.desk.urls.decide);
		output('CloseUrl', runtime.desk.urls.close);
		output('FreezeUrl', runtime.desk.urls.freeze);
		output('AgentRunMachine', runtime.machines.arns['agent-run']);
		output('StepMachine', runtime.machines.arns.step);
		output('RecoverMachine', runtime.machines.arns.recover);
		output('UndeliveredQueue', runtime.recovery.undelivered.queueUrl);
	}
}
