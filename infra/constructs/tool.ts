/**
 * A tool and its guard. The tool's function may do nothing but write its log and ask its own guard. The guard decides,
 * records, and assumes the tool's roles, which trust nobody else.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { ArnPrincipal, type IManagedPolicy, PolicyStatement, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Agent } from '../../core/agent/agent.ts';
import type { Access, Tool } from '../../core/agent/tool.ts';
import { guardFunction, type RoleKind, roleName, sessionTags, toolFunction } from '../../core/ids.ts';
import type { guardVariables, toolVariables, Variables } from '../../functions/lambda/environment.ts';
import type { BundleSpec } from '../bundling/bundle.ts';
import { namePrefix } from '../context.ts';
import { acknowledgeWildcards } from './acknowledged.ts';
import { BoundFunction } from './function.ts';
import { appendsTo, chains, insertsPayloads, keyActions, readsRuns, statementOf, usesKey } from './permissions.ts';
import type { ThroughlineRuntime } from './runtime.ts';
import { checkBounds } from './tool-bounds.ts';

/** On either side of a window: a guard's clock and STS's differ, and an invocation takes its time to end. */
export const MARGIN_MS = 5_000;
/** What asking and telling a cold guard takes of a deployed tool's time, on top of what the tool says it needs itself. */
export const COLD_GUARD_SECONDS = 8;
const GUARD_SECONDS = 30;
/** A whole processor: what a cold guard takes counts against its tool's time. */
const GUARD_MB = 1_769;
/** The least that a role allows; sessions are asked for 900 s. */
const SESSION_HOURS = 1;

export type GuardedToolProps = {
	readonly agent: Agent;
	readonly tool: Tool;
	readonly runtime: ThroughlineRuntime;
	readonly bundleOf: (kind: 'tool' | 'guard') => BundleSpec;
	readonly settings: Readonly<Record<string, string>>;
	/** The real table behind each name that the tool declares. */
	readonly tables: Readonly<Record<string, Table>>;
};

export class GuardedTool extends Construct {
	readonly guard: BoundFunction;
	readonly tool: BoundFunction;

	/** @throws ToolUnbounded */
	constructor(scope: Construct, id: string, props: GuardedToolProps) {
		super(scope, id);
		checkBounds(props.agent.name, props.tool);
		const { agent, tool, runtime, settings, bundleOf } = props;
		const guardName = `${namePrefix(runtime.surroundings.stage)}${guardFunction(agent.name, tool.name)}`;
		const guardArn = Stack.of(this).formatArn({ service: 'lambda', resource: `function:${guardName}` });
		const environment: Variables<typeof toolVariables> = { THROUGHLINE_TOOL: tool.name, THROUGHLINE_GUARD_FUNCTION: guardName };
		this.tool = new BoundFunction(this, 'Tool', {
			...runtime.surroundings,
			name: toolFunction(agent.name, tool.name),
			bundle: bundleOf('tool'),
			timeoutSeconds: deployedSeconds(tool),
			environment: { ...settings, ...environment },
			statements: [new PolicyStatement({ sid: 'OwnGuard', actions: ['lambda:InvokeFunction'], resources: [guardArn] })],
		});
		this.guard = this.#guard(props);
		this.#roles(props);
	}

	#guard({ agent, tool, runtime, bundleOf, tables }: GuardedToolProps): BoundFunction {
		const { store, surroundings } = runtime;
		const stack = Stack.of(this);
		const rolePrefix = stack.formatArn({ service: 'iam', region: '', resource: `role/${namePrefix(surroundings.stage)}` });
		const roles = rolesOf(tool).map((kind) => `${rolePrefix}${roleName(agent.name, tool.name, kind)}`);
		const own = [chains.runs, chains.claims(tool.name)];
		const environment: Variables<typeof guardVariables> = {
			...runtime.ledgerEnvironment,
			THROUGHLINE_TOOL: tool.name,
			THROUGHLINE_ROLE_PREFIX: rolePrefix,
			THROUGHLINE_MARGIN_MS: String(MARGIN_MS),
			THROUGHLINE_TOOL_SECONDS: String(deployedSeconds(tool)),
			THROUGHLINE_TABLES: stack.toJsonString(Object.fromEntries(tool.tables.map((name) => [name, tables[name]?.tableName ?? '']))),
			THROUGHLINE_COMMIT_ACCESS: stack.toJsonString(tool.effect === 'transaction' ? commitAccess(runtime, tool, tables) : []),
		};
		return new BoundFunction(this, 'Guard', {
			...surroundings,
			name: guardFunction(agent.name, tool.name),
			bundle: bundleOf('guard'),
			timeoutSeconds: GUARD_SECONDS,
			memoryMb: GUARD_MB,
			environment,
			statements: [
				...readsRuns(store, [chains.claims(tool.name), chains.everything, chains.agent(agent.name)]),
				appendsTo(store, own),
				insertsPayloads(store),
				new PolicyStatement({ sid: 'OwnRoles', actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], resources: roles }),
			],
		});
	}

	#roles({ agent, tool, runtime, tables }: GuardedToolProps): void {
		const { boundaries, store } = runtime;
		const statements: Record<RoleKind, readonly PolicyStatement[]> = {
			access: (tool.grants ?? []).map(statementOf),
			lookup: (tool.lookupGrants ?? []).map(statementOf),
			commit: [
				appendsTo(store, [chains.ownRun]),
				new PolicyStatement({ actions: tableActions, resources: tablesOf(tool, tables) }),
				usesKey(store),
			],
		};
		for (const kind of rolesOf(tool)) {
			const name = `${namePrefix(runtime.surroundings.stage)}${roleName(agent.name, tool.name, kind)}`;
			const role = this.#role({ name, agent, tool, kind, boundary: kind === 'commit' ? boundaries.inside : boundaries.outside });
			for (const statement of statements[kind]) role.addToPolicy(statement);
			acknowledgeWildcards(
				role,
				statements[kind].flatMap(({ resources }) => resources),
				'Which item a call is about is known when it comes: its session is narrowed to that, and its grant bounds the session.',
			);
		}
	}

	/**
	 * One statement an action, each with what it can be asked about: a session without its name, its source identity or one
	 * of its tags is not issued, and one that is can't be told from a run by nobody.
	 */
	#role({ name, agent, tool, kind, boundary }: RoleProps): Role {
		const guard = new ArnPrincipal(this.guard.role.roleArn);
		const tagged = Object.fromEntries(sessionTags.map((tag) => [`aws:RequestTag/${tag}`, 'false']));
		const named = { 'sts:RoleSessionName': kind === 'lookup' ? '*.*.l*' : '*.*.*', 'sts:SourceIdentity': '??*' };
		const asks = { StringEquals: { 'aws:RequestTag/agent': agent.name } };
		const role = new Role(this, kind, {
			roleName: name,
			description: `Throughline: ${kind} of ${tool.name}, for its guard alone`,
			assumedBy: new PrincipalWithConditions(guard, { ...asks, StringLike: named, Null: tagged }),
			permissionsBoundary: boundary,
			maxSessionDuration: Duration.hours(SESSION_HOURS),
		});
		role.assumeRolePolicy?.addStatements(
			new PolicyStatement({
				actions: ['sts:SetSourceIdentity'],
				principals: [guard],
				conditions: { StringLike: { 'sts:SourceIdentity': named['sts:SourceIdentity'] } },
			}),
			new PolicyStatement({ actions: ['sts:TagSession'], principals: [guard], conditions: { ...asks, Null: tagged } }),
		);
		return role;
	}
}

/** The hard timeout of its function: what its guard waits out after a crash. */
const deployedSeconds = (tool: Tool): number => tool.timeoutSeconds + COLD_GUARD_SECONDS;

type RoleProps = { name: string; agent: Agent; tool: Tool; kind: RoleKind; boundary: IManagedPolicy };

/** Only the roles that a tool of this kind ever needs. */
const rolesOf = (tool: Tool): RoleKind[] => [
	'access',
	...(tool.lookup ? ['lookup' as const] : []),
	...(tool.effect === 'transaction' ? ['commit' as const] : []),
];

const tableActions = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'];
const tablesOf = (tool: Tool, tables: Readonly<Record<string, Table>>): string[] =>
	tool.tables.flatMap((name) => tables[name]?.tableArn ?? []);

/** What a commit's session is narrowed to; its role narrows it further, to the run that it is tagged with. */
const commitAccess = ({ store }: ThroughlineRuntime, tool: Tool, tables: Readonly<Record<string, Table>>): Access[] => [
	{ actions: ['dynamodb:PutItem'], resources: [store.ledger.tableArn] },
	{ actions: tableActions, resources: tablesOf(tool, tables) },
	{ actions: keyActions, resources: [store.key.keyArn] },
];
