/** What outlives every deployment of code: the record, and the tables that transaction tools write to. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { pascal } from '../../core/ids.ts';
import { ApplicationTable, ThroughlineStore } from '../constructs/store.ts';
import type { DeploymentContext } from '../context.ts';

export type LedgerStackProps = StackProps & { readonly context: DeploymentContext; readonly agents: readonly Agent[] };

export class LedgerStack extends Stack {
	readonly store: ThroughlineStore;
	/** By agent, then by the name that its tools declare. */
	readonly tables: ReadonlyMap<string, Readonly<Record<string, Table>>>;

	constructor(scope: Construct, id: string, { context, agents, ...props }: LedgerStackProps) {
		super(scope, id, props);
		this.store = new ThroughlineStore(this, 'Store', context);
		const tablesOf = (agent: Agent): Record<string, Table> => {
			const declared = new Set([...agent.tools.values()].flatMap((tool) => tool.tables));
			const made = (name: string) => new ApplicationTable(this, `${agent.name}-${name}`, { stage: context.stage, key: this.store.key });
			return Object.fromEntries([...declared].map((name) => [name, made(name)]));
		};
		this.tables = new Map(agents.map((agent) => [agent.name, tablesOf(agent)]));
		new CfnOutput(this, 'LedgerTable', { value: this.store.ledger.tableName });
		new CfnOutput(this, 'KeysTable', { value: this.store.keys.tableName });
		new CfnOutput(this, 'WitnessesTable', { value: this.store.witnesses.tableName });
		new CfnOutput(this, 'PayloadBucket', { value: this.store.payloads.bucketName });
		for (const [agent, tables] of this.tables) {
			for (const [name, table] of Object.entries(tables))
				new CfnOutput(this, `Table${pascal(agent)}${pascal(name)}`, { value: table.tableName });
		}
	}
}
