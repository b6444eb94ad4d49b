/** What the tests ask about: the deployment's roles and functions by the part they play, and the world with one statement more. */
import { inject } from 'vitest';
import { type Role, type Statement, type World, worldOf } from './iam.ts';
import { type Deployed, resolved } from './resolved.ts';

export const PREFIX = 'throughline-dev-';
export const world: World = worldOf(resolved(inject('templates')));

/** The parts that functions play, by the deployed name's ending. */
export type Part =
	| 'tool'
	| 'guard'
	| 'plan'
	| 'open'
	| 'intake'
	| 'status'
	| 'resume'
	| 'sweep'
	| 'decide'
	| 'close'
	| 'freeze'
	| 'archive'
	| 'ingest'
	| 'backfill'
	| 'reconcile';
export type FunctionInWorld = { readonly part: Part; readonly name: string; readonly function: Deployed; readonly role: Role };
const shared: readonly Part[] = ['resume', 'sweep', 'decide', 'close', 'freeze', 'archive', 'ingest', 'backfill'];

function partOf(name: string): Part {
	const own = name.slice(PREFIX.length);
	const found = shared.find((part) => part === own);
	if (found) return found;
	if (own.endsWith('__guard')) return 'guard';
	const ending = (['plan', 'open', 'intake', 'status', 'reconcile'] as const).find((part) => own.endsWith(`-${part}`));
	return ending && !own.includes('_') ? ending : 'tool';
}

/** @throws Error for a function whose role is not in the templates */
export const functionsIn = ({ deployed, roles }: World): FunctionInWorld[] =>
	deployed.flatMap((one): FunctionInWorld[] => {
		if (one.type !== 'AWS::Lambda::Function') return [];
		const role = roles.find(({ arn }) => arn === one.properties.Role);
		if (!role) throw new Error(`${one.name} has a role that is not here`);
		return [{ part: partOf(one.name), name: one.name, function: one, role }];
	});

export type SessionKind = 'access' | 'lookup' | 'commit';
/** A role that a guard assumes. `guard` is the name of the guard of the tool whose role it is, by the roles' environment. */
export type SessionRole = { readonly kind: SessionKind; readonly role: Role };
export const sessionRoles = ({ roles }: World): SessionRole[] =>
	roles.flatMap((role) => {
		const kind = (['access', 'lookup', 'commit'] as const).find(
			(ending) => role.name.startsWith(PREFIX) && role.name.endsWith(`-${ending}`),
		);
		return kind ? [{ kind, role }] : [];
	});

export function one<T>(found: T | undefined, what: string): T {
	if (found === undefined) throw new Error(`there is no ${what} in the templates`);
	return found;
}
const deployedAs = (type: string, at: (id: string) => boolean): Deployed =>
	one(
		world.deployed.find((each) => each.type === type && at(each.at)),
		type,
	);
export const ledger = deployedAs('AWS::DynamoDB::Table', (id) => id.startsWith('StoreLedger'));
export const keys = deployedAs('AWS::DynamoDB::Table', (id) => id.startsWith('StoreKeys'));
export const payloads = deployedAs('AWS::S3::Bucket', (id) => id.startsWith('StorePayloads'));
/** Everything that holds a record, with what lies in it. */
export const record = [ledger.arn, `${ledger.arn}/index/opened`, keys.arn, payloads.arn, `${payloads.arn}/run-1/nonce`];

/** The same world, in which the role that `which` picks has one statement more: for controls. */
export function withStatement(which: (role: Role) => boolean, statement: Omit<Statement, 'Effect'>): World {
	const picked = one(world.roles.find(which), 'such role');
	const more: Statement = { Effect: 'Allow', ...statement };
	return { ...world, roles: world.roles.map((role) => (role === picked ? { ...role, statements: [...role.statements, more] } : role)) };
}
/** The same world, in which one role differs. */
export const withRole = (which: (role: Role) => boolean, change: (role: Role) => Role): World => {
	const picked = one(world.roles.find(which), 'such role');
	return { ...world, roles: world.roles.map((role) => (role === picked ? change(role) : role)) };
};
/** The same world, in which one thing that is deployed differs. */
export const withDeployed = (which: (one: Deployed) => boolean, change: Readonly<Record<string, unknown>>): World => {
	const picked = one(world.deployed.find(which), 'such resource');
	const changed = { ...picked, properties: { ...picked.properties, ...change } };
	return worldOf(world.deployed.map((each) => (each === picked ? changed : each)));
};
export const roleOf = (name: string) => (role: Role) =>
	role ===
	one(
		functionsIn(world).find((each) => each.name === PREFIX + name),
		name,
	).role;
export const named = (name: string) => (role: Role) => role.name === PREFIX + name;
