/**
 * The three state machines, from the files that the embedded default runs, and of `step` one more for each agent that runs elsewhere.
 * What their executions carry is ids; their logs hold errors and no data.
 */
import { readFileSync } from 'node:fs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { intakeFunction, planFunction, resumeFunction, toolFunction } from '../../core/ids.ts';
import { type MachineName, machineNames, type Placeholder } from '../../statemachines/shape.ts';
import { isKept, namePrefix } from '../context.ts';
import { acknowledge, acknowledgeWildcards } from './acknowledged.ts';
import { nestedExecutionRule } from './boundaries.ts';
import type { Surroundings } from './function.ts';

type Served = { readonly name: string; readonly planner: unknown; readonly tools: ReadonlyMap<string, unknown> };

export class Machines extends Construct {
	readonly arns: Readonly<Record<MachineName, string>>;
	readonly machines: Readonly<Record<MachineName, StateMachine>>;
	readonly #roles: Readonly<Record<MachineName, Role>>;
	readonly #props: Surroundings;
	readonly #prefix: string;

	constructor(scope: Construct, id: string, props: Surroundings) {
		super(scope, id);
		const stack = Stack.of(this);
		this.#props = props;
		this.#prefix = namePrefix(props.stage);
		// By name, since each of two of them starts the other.
		this.arns = { 'agent-run': this.#arnOf('agent-run'), step: this.#arnOf('step'), recover: this.#arnOf('recover') };
		this.#roles = { 'agent-run': this.#role('agent-run'), step: this.#role('step'), recover: this.#role('recover') };
		const machine = (name: MachineName) => this.#machine(name, { name, role: this.#roles[name] });
		this.machines = { 'agent-run': machine('agent-run'), step: machine('step'), recover: machine('recover') };
		const { 'agent-run': run, recover } = this.#roles;
		run.addToPolicy(startsAndWaits(stack, this.arns.step));
		run.addToPolicy(learnsOfEnds(stack));
		run.addToPolicy(starts(this.arns.recover));
		recover.addToPolicy(startsAndWaits(stack, this.arns.step));
		recover.addToPolicy(learnsOfEnds(stack));
		recover.addToPolicy(starts(this.arns['agent-run']));
		recover.addToPolicy(this.#invokes(resumeFunction));
		acknowledgeWildcards(this, ['*'], 'The actions that set up log delivery for Step Functions take no narrower resource.');
		acknowledgeWildcards(this, [executionsOf(stack, this.arns.step)], 'Step Functions names nested executions itself.');
		acknowledge(this, {
			SF1: 'Errors are logged, without data: the ledger holds every event already, and a second copy of it would have other readers.',
			SF2: 'Runs are traced by their ledger, which is complete; a sampled copy would add nothing but a place where inputs could end up.',
		});
	}

	/**
	 * Lets the machines invoke an agent's functions: each by its name, and guards not at all. An agent without a planner gets a `step` of its
	 * own, which alone has its calls taken in: whoever may start that one has nothing done for another agent. Answers its ARN.
	 */
	serve(agent: Served): string | undefined {
		this.#roles['agent-run'].addToPolicy(this.#invokes(planFunction(agent.name)));
		const tools = [...agent.tools.keys()].map((tool) => this.#invokes(toolFunction(agent.name, tool)));
		for (const invokes of tools) this.#roles.step.addToPolicy(invokes);
		if (agent.planner) return undefined;
		const name = `step-${agent.name}`;
		const role = this.#role(name);
		for (const invokes of [this.#invokes(intakeFunction(agent.name)), ...tools]) role.addToPolicy(invokes);
		this.#machine('step', { name, role });
		return this.#arnOf(name);
	}

	#arnOf(name: string): string {
		return Stack.of(this).formatArn({ service: 'states', resource: `stateMachine:${this.#prefix}${name}` });
	}

	#invokes(name: string): PolicyStatement {
		const resource = Stack.of(this).formatArn({ service: 'lambda', resource: `function:${this.#prefix}${name}` });
		return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [resource] });
	}

	#role(name: string): Role {
		const { stage, boundary } = this.#props;
		return new Role(this, `${name}-role`, {
			assumedBy: new ServicePrincipal('states.amazonaws.com', {
				conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
			}),
			permissionsBoundary: boundary,
			description: `Throughline ${stage}: state machine ${name}`,
		});
	}

	#machine(file: MachineName, { name, role }: { name: string; role: Role }): StateMachine {
		const { stage, retentionDays } = this.#props;
		const logs = new LogGroup(this, `${name}-logs`, {
			retention: retentionDays as RetentionDays,
			removalPolicy: isKept(stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
		});
		const text = definitionOf(file);
		const substitutions: Record<Placeholder, string> = {
			FunctionPrefix: this.#prefix,
			StepMachineArn: this.arns.step,
			AgentRunMachineArn: this.arns['agent-run'],
			RecoverMachineArn: this.arns.recover,
		};
		return new StateMachine(this, name, {
			stateMachineName: `${this.#prefix}${name}`,
			definitionBody: DefinitionBody.fromString(text),
			definitionSubstitutions: Object.fromEntries(Object.entries(substitutions).filter(([key]) => text.includes(`\${${key}}`))),
			role,
			logs: { destination: logs, level: LogLevel.ERROR, includeExecutionData: false },
			tracingEnabled: false,
		});
	}
}

/** Without its indentation: the same definition, well below what a template takes. */
const definitionOf = (name: MachineName): string =>
	JSON.stringify(JSON.parse(readFileSync(new URL(`../../statemachines/${name}.asl.json`, import.meta.url), 'utf8')));

const starts = (arn: string): PolicyStatement => new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] });

const executionsOf = (stack: Stack, arn: string): string =>
	stack.formatArn({ service: 'states', resource: `execution:${arn.split(':').at(-1) ?? ''}:*` });

/** Waiting for a nested execution is asking after it, and stopping it with the one that waits. */
const startsAndWaits = (stack: Stack, arn: string): PolicyStatement =>
	new PolicyStatement({
		actions: ['states:StartExecution', 'states:DescribeExecution', 'states:StopExecution'],
		resources: [arn, executionsOf(stack, arn)],
	});

const learnsOfEnds = (stack: Stack): PolicyStatement =>
	new PolicyStatement({ actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [nestedExecutionRule(stack)] });

export { machineNames };
