/** What AWS sees of a deployment, taken in. Apart from what runs: an account where there is no CloudTrail leaves parts of it out. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { pascal } from '../../core/ids.ts';
import type { LoadedAgent } from '../../local/load-agent.ts';
import { AuditTrail } from '../constructs/audit-trail.ts';
import { Reconciliation } from '../constructs/reconciliation.ts';
import type { ThroughlineRuntime } from '../constructs/runtime.ts';
import type { DeploymentContext } from '../context.ts';

export type AuditStackProps = StackProps & {
	readonly context: DeploymentContext;
	readonly agents: readonly LoadedAgent[];
	readonly tables: readonly Table[];
	readonly runtime: ThroughlineRuntime;
};

export class AuditStack extends Stack {
	readonly trail: AuditTrail;

	constructor(scope: Construct, id: string, { context, agents, tables, runtime, ...props }: AuditStackProps) {
		super(scope, id, props);
		this.trail = new AuditTrail(this, 'AuditTrail', { ...context, agents: agents.map(({ agent }) => agent), tables, runtime });
		const reconciling = { runtime, undelivered: this.trail.events.poison, delaySeconds: context.reconcileDelaySeconds };
		for (const loaded of agents) new Reconciliation(this, pascal(loaded.agent.name), { ...loaded, ...reconciling });
		new CfnOutput(this, 'TrailLogGroup', { value: this.trail.logGroup.logGroupName });
		new CfnOutput(this, 'TrailStream', { value: this.trail.stream.streamName });
		new CfnOutput(this, 'ReconcileDelaySeconds', { value: String(context.reconcileDelaySeconds) });
		new CfnOutput(this, 'PoisonQueue', { value: this.trail.events.poison.queueUrl });
	}
}
