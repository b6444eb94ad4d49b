/**
 * An agent, deployed: its planner, a function and a guard for each tool, roles that those guards alone may assume, and
 * URLs that open runs, tell where they stand, and take in the calls of an agent that runs elsewhere. All of it follows from what `defineAgent` was given.
 *
 * @example new ThroughlineAgent(stack, 'RefundDesk', { agent: refundDesk, folder: 'agents/refund-desk', runtime })
 */
import { resolve } from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import { openFunction, planFunction } from '../../core/ids.ts';
import type { openVariables, Variables } from '../../functions/lambda/environment.ts';
import { digestOf } from '../../local/load-agent.ts';
import { agentFileIn, besideOf } from '../bundling/agent-folders.ts';
import type { AgentKind, BundleSpec } from '../bundling/bundle.ts';
import { acknowledgeWildcards, payloadsSeenFrom } from './acknowledged.ts';
import { BoundFunction } from './function.ts';
import { OutsideDoors, statementsOfDriving } from './outside.ts';
import { appendsTo, chains, createsRunKeys, insertsPayloads, readsRuns } from './permissions.ts';
import { payloadsOfAnyRun, type ThroughlineRuntime } from './runtime.ts';
import { ApplicationTable } from './store.ts';
import { GuardedTool } from './tool.ts';

export type ThroughlineAgentProps = {
	/** The default export of the folder's agent file. */
	readonly agent: Agent;
	/** Where its code lies: what is bundled. */
	readonly folder: string;
	readonly runtime: ThroughlineRuntime;
	/** Values of the settings that the agent declares by name. Never secrets. */
	readonly settings?: Readonly<Record<string, string>>;
	/** Tables that its transaction tools write to, by the names they declare; those that are missing are made. */
	readonly tables?: Readonly<Record<string, Table>>;
	/** What `agent.ts` reads beside itself; `policies`, where there is such a folder. */
	readonly beside?: readonly string[];
};

const OPEN_SECONDS = 30;

export class ThroughlineAgent extends Construct {
	readonly plan: BoundFunction;
	/** Opens runs, for whoever IAM lets sign a request to it. */
	readonly openUrl: string;
	readonly outside: OutsideDoors;
	/** ARN of the machine that acts the steps its process asks for. None for an agent with a planner. */
	readonly stepMachine: string | undefined;
	readonly tools: ReadonlyMap<string, GuardedTool>;

	readonly #driving: readonly PolicyStatement[];

	/** @throws ToolUnbounded when a tool's access has no bound */
	constructor(scope: Construct, id: string, props: ThroughlineAgentProps) {
		super(scope, id);
		const { agent, runtime } = props;
		const agentFile = agentFileIn(resolve(props.folder));
		const beside = props.beside ?? besideOf(resolve(props.folder));
		const bundleOf = (kind: AgentKind): BundleSpec => ({ kind, agentFile, beside });
		const settings = this.#settings(props);
		acknowledgeWildcards(this, [payloadsSeenFrom(this, runtime.store, '*/*')], payloadsOfAnyRun);
		this.stepMachine = runtime.machines.serve(agent);
		if (this.stepMachine !== undefined) runtime.recovery.watch(this.stepMachine);
		this.plan = this.#plan(props, bundleOf('plan'), settings);
		const open = this.#open(props, bundleOf('open'));
		this.openUrl = open.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
		this.outside = new OutsideDoors(this, 'Outside', { agent, runtime, bundle: bundleOf('intake') });
		const tables = this.#tables(props);
		this.#driving = statementsOfDriving(this, { doors: [open, ...this.outside.functions], stepMachine: this.stepMachine });
		this.tools = new Map(
			[...agent.tools].map(([name, tool]) => [name, new GuardedTool(this, name, { agent, tool, runtime, bundleOf, settings, tables })]),
		);
	}

	/**
	 * Lets `driver`, the role of a process anywhere, open runs of this agent, make their calls, save their memory and hear how
	 * they ended. Closing them is the desk's to allow. @see docs/agents-from-anywhere.md#who-may
	 */
	drivenBy(driver: IGrantable): void {
		for (const statement of this.#driving) driver.grantPrincipal.addToPrincipalPolicy(statement);
	}

	#settings({ agent, settings = {} }: ThroughlineAgentProps): Record<string, string> {
		const missing = agent.settings.filter((name) => settings[name] === undefined);
		if (missing.length > 0)
			Annotations.of(this).addWarningV2(
				'throughline:settings',
				`agent ${agent.name} is deployed without its settings ${missing.join(', ')}`,
			);
		return Object.fromEntries(agent.settings.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
	}

	#plan({ agent, runtime }: ThroughlineAgentProps, bundle: BundleSpec, settings: Record<string, string>): BoundFunction {
		const { store } = runtime;
		return new BoundFunction(this, 'Plan', {
			...runtime.surroundings,
			name: planFunction(agent.name),
			bundle,
			timeoutSeconds: agent.plannerTimeoutSeconds,
			environment: { ...settings, ...runtime.ledgerEnvironment },
			statements: [
				...readsRuns(store, [chains.everything, chains.agent(agent.name)]),
				appendsTo(store, [chains.runs]),
				insertsPayloads(store),
			],
		});
	}

	#open({ agent, folder, runtime }: ThroughlineAgentProps, bundle: BundleSpec): BoundFunction {
		const { store, machines } = runtime;
		const environment: Variables<typeof openVariables> = {
			...runtime.ledgerEnvironment,
			THROUGHLINE_AGENT_RUN_MACHINE: machines.arns['agent-run'],
			THROUGHLINE_CODE_DIGEST: digestOf(resolve(folder)),
		};
		return new BoundFunction(this, 'Open', {
			...runtime.surroundings,
			name: openFunction(agent.name),
			bundle,
			timeoutSeconds: OPEN_SECONDS,
			environment,
			statements: [
				...readsRuns(store, []),
				appendsTo(store, [chains.runs]),
				createsRunKeys(store),
				insertsPayloads(store),
				new PolicyStatement({ sid: 'Start', actions: ['states:StartExecution'], resources: [machines.arns['agent-run']] }),
			],
		});
	}

	#tables({ agent, runtime, tables = {} }: ThroughlineAgentProps): Record<string, Table> {
		const declared = new Set([...agent.tools.values()].flatMap((tool) => tool.tables));
		const made = (name: string) =>
			new ApplicationTable(this, `table-${name}`, { stage: runtime.surroundings.stage, key: runtime.store.key });
		return Object.fromEntries([...declared].map((name) => [name, tables[name] ?? made(name)]));
	}
}
