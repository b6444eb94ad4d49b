/**
 * As much of IAM's evaluation as the templates need: who may do what to which. An explicit denial wins; an action needs a
 * statement of the role and one of its boundary. A condition that this does not know is an error, never a yes or a no.
 */
import type { Deployed } from './resolved.ts';

export type Statement = {
	readonly Effect: 'Allow' | 'Deny';
	readonly Action: string | readonly string[];
	readonly Resource?: string | readonly string[];
	readonly Principal?: unknown;
	readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};
export type Role = {
	readonly name: string;
	readonly arn: string;
	readonly trust: readonly Statement[];
	readonly statements: readonly Statement[];
	/** `undefined`: none. */
	readonly boundary: readonly Statement[] | undefined;
};
/** What a request says of itself. A key that is not there is absent; of several values each counts. */
export type Request = {
	readonly action: string;
	readonly resource: string;
	readonly keys?: Readonly<Record<string, string | readonly string[]>>;
};
export type World = {
	readonly roles: readonly Role[];
	readonly deployed: readonly Deployed[];
	readonly resourcePolicies: ReadonlyMap<string, readonly Statement[]>;
};

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
	value === undefined ? [] : Array.isArray(value) ? value : [value as T];
type Document = { Statement: Statement[] };

export function worldOf(deployed: readonly Deployed[]): World {
	const of = (type: string) => deployed.filter((one) => one.type === type);
	const managed = new Map(of('AWS::IAM::ManagedPolicy').map((one) => [one.arn, (one.properties.PolicyDocument as Document).Statement]));
	const roles = of('AWS::IAM::Role').map(({ name, arn, properties }): Role => {
		const attached = of('AWS::IAM::Policy').filter((policy) => list(policy.properties.Roles as string[]).includes(name));
		const inline = list(properties.Policies as { PolicyDocument: Document }[] | undefined).flatMap(
			({ PolicyDocument }) => PolicyDocument.Statement,
		);
		const named = list(properties.ManagedPolicyArns as string[] | undefined).flatMap(
			(policy) => managed.get(policy) ?? unknownPolicy(policy),
		);
		return {
			name,
			arn,
			trust: (properties.AssumeRolePolicyDocument as Document).Statement,
			statements: [...attached.flatMap((policy) => (policy.properties.PolicyDocument as Document).Statement), ...inline, ...named],
			boundary: properties.PermissionsBoundary === undefined ? undefined : managed.get(String(properties.PermissionsBoundary)),
		};
	});
	const tables = of('AWS::DynamoDB::Table').flatMap(({ arn, properties }): [string, Statement[]][] => {
		const policy = properties.ResourcePolicy as { PolicyDocument: Document } | undefined;
		// In a table's own policy, any resource is this table.
		return policy ? [[arn, policy.PolicyDocument.Statement.map((statement) => ({ ...statement, Resource: arn }))]] : [];
	});
	const buckets = of('AWS::S3::BucketPolicy').map(({ properties }): [string, Statement[]] => [
		`arn:aws:s3:::${String(properties.Bucket)}`,
		(properties.PolicyDocument as Document).Statement,
	]);
	return { roles, deployed, resourcePolicies: new Map([...tables, ...buckets]) };
}

function unknownPolicy(arn: string): never {
	throw new Error(`${arn} is a policy that is not in these templates: what it allows can't be told here`);
}

/** Whether the role's own policies and boundary let the request through, and nothing denies it. */
export function allows(world: World, role: Role, request: Request): boolean {
	const own = [...role.statements, ...(role.boundary ?? [])];
	const resource = [...world.resourcePolicies.values()].flat();
	const applies = (statement: Statement): boolean => matches(statement, request) && holds(statement.Condition, request);
	if ([...own, ...resource].some((statement) => statement.Effect === 'Deny' && applies(statement))) return false;
	const allowing = (statements: readonly Statement[]) => statements.some((statement) => statement.Effect === 'Allow' && applies(statement));
	return allowing(role.statements) && (role.boundary === undefined || allowing(role.boundary));
}

/** Whether there is any request of this action on this resource that could get through: every condition is taken for met. */
export function couldAllow(world: World, role: Role, request: Omit<Request, 'keys'>): boolean {
	const resource = [...world.resourcePolicies.values()].flat();
	const denied = [...role.statements, ...(role.boundary ?? []), ...resource].some(
		(statement) => statement.Effect === 'Deny' && statement.Condition === undefined && matches(statement, request),
	);
	const allowing = (statements: readonly Statement[]) =>
		statements.some((statement) => statement.Effect === 'Allow' && matches(statement, request));
	return !denied && allowing(role.statements) && (role.boundary === undefined || allowing(role.boundary));
}

/** Whether `trusted` may do `action` by the trust policy of `role`. */
export function trusts(role: Role, trusted: { readonly aws?: string; readonly service?: string }, request: Request): boolean {
	const applies = (statement: Statement): boolean =>
		list(statement.Action).some((pattern) => glob(pattern, request.action)) &&
		isPrincipal(statement.Principal, trusted) &&
		holds(statement.Condition, request);
	if (role.trust.some((statement) => statement.Effect === 'Deny' && applies(statement))) return false;
	return role.trust.some((statement) => statement.Effect === 'Allow' && applies(statement));
}

function isPrincipal(principal: unknown, { aws, service }: { readonly aws?: string; readonly service?: string }): boolean {
	if (principal === '*') return true;
	const { AWS, Service } = principal as { AWS?: string | string[]; Service?: string | string[] };
	// The account, and anybody at all, include every role in it.
	const names = aws === undefined ? [] : [aws, '*', `arn:aws:iam::${aws.split(':')[4]}:root`, aws.split(':')[4] ?? ''];
	return list(AWS).some((one) => names.includes(one)) || (service !== undefined && list(Service).includes(service));
}

function matches(statement: Statement, { action, resource }: Omit<Request, 'keys'>): boolean {
	if ('NotAction' in statement || 'NotResource' in statement) throw new Error('NotAction and NotResource are not known here');
	return (
		list(statement.Action).some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase())) &&
		list(statement.Resource).some((pattern) => glob(pattern, resource))
	);
}

const glob = (pattern: string, text: string): boolean =>
	new RegExp(
		`^${pattern
			.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
			.replaceAll('*', '.*')
			.replaceAll('?', '.')}$`,
		's',
	).test(text);

function holds(condition: Statement['Condition'], { keys = {} }: Pick<Request, 'keys'>): boolean {
	return Object.entries(condition ?? {}).every(([operator, tests]) =>
		Object.entries(tests).every(([key, wanted]) =>
			passes(operator, { given: keys[key], wanted: list(wanted).map((one) => filled(one, keys)) }),
		),
	);
}

/** `${aws:PrincipalTag/run}` and its like; one that is not there matches nothing. */
const filled = (pattern: string, keys: NonNullable<Request['keys']>): string =>
	pattern.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => (typeof keys[key] === 'string' ? keys[key] : '\u0000'));

function passes(
	operator: string,
	{ given, wanted }: { given: string | readonly string[] | undefined; wanted: readonly string[] },
): boolean {
	const values = list(given);
	switch (operator) {
		case 'Null':
			return wanted.every((one) => (one === 'true') === (given === undefined));
		case 'StringEquals':
		case 'ArnEquals':
		case 'Bool':
			return values.length > 0 && values.some((value) => wanted.includes(value));
		case 'StringLike':
			return values.length > 0 && values.some((value) => wanted.some((pattern) => glob(pattern, value)));
		case 'ForAllValues:StringLike':
			// True of no value at all, as IAM has it.
			return values.every((value) => wanted.some((pattern) => glob(pattern, value)));
		default:
			throw new Error(`condition ${operator} is not known here`);
	}
}
