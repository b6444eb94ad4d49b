// The tables of this folder are worth what their evaluation is: the rules of IAM that they rest on, one by one.
import { expect, test } from 'vitest';
import { allows, couldAllow, type Role, type Statement, trusts, type World } from './iam.ts';

const allow = (more: Partial<Statement> = {}): Statement => ({
	Effect: 'Allow',
	Action: 's3:GetObject',
	Resource: 'arn:aws:s3:::b/*',
	...more,
});
const role = (statements: Statement[], boundary?: Statement[]): Role => ({
	name: 'r',
	arn: 'arn:aws:iam::1:role/r',
	trust: [],
	statements,
	boundary,
});
const world: World = { roles: [], deployed: [], resourcePolicies: new Map() };
const get = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' };

test.for<[string, Role, object, boolean]>([
	['nothing is allowed unless it is said', role([]), {}, false],
	['a statement allows', role([allow()]), {}, true],
	['an action by a pattern, in any case', role([allow({ Action: 'S3:get*' })]), {}, true],
	['another action', role([allow({ Action: 's3:Put*' })]), {}, false],
	['another resource', role([allow({ Resource: 'arn:aws:s3:::c/*' })]), {}, false],
	['a dot is a dot', role([allow({ Resource: 'arn:aws:s3...b/*' })]), {}, false],
	['a denial wins', role([allow(), { ...allow(), Effect: 'Deny' }]), {}, false],
	['a boundary that does not allow', role([allow()], [allow({ Action: 's3:PutObject' })]), {}, false],
	['a boundary alone grants nothing', role([], [allow({ Action: '*', Resource: '*' })]), {}, false],
	[
		'a boundary that denies',
		role([allow()], [allow({ Action: '*', Resource: '*' }), { Effect: 'Deny', Action: 's3:*', Resource: '*' }]),
		{},
		false,
	],
	['a condition that holds', role([allow({ Condition: { StringLike: { k: 'a*' } } })]), { k: 'ab' }, true],
	['a condition that does not', role([allow({ Condition: { StringLike: { k: 'a*' } } })]), { k: 'b' }, false],
	['a condition on what is not there', role([allow({ Condition: { StringEquals: { k: 'a' } } })]), {}, false],
	['all of no values are like anything', role([allow({ Condition: { 'ForAllValues:StringLike': { k: 'a' } } })]), {}, true],
	[
		'unless they have to be there',
		role([allow({ Condition: { 'ForAllValues:StringLike': { k: 'a' }, Null: { k: 'false' } } })]),
		{},
		false,
	],
	[
		'one of several values that is not',
		role([allow({ Condition: { 'ForAllValues:StringLike': { k: 'a*' } } })]),
		{ k: ['ab', 'b'] },
		false,
	],
	['a variable', role([allow({ Condition: { StringLike: { k: `x\${t}` } } })]), { k: 'xy', t: 'y' }, true],
	['a variable that is not there', role([allow({ Condition: { StringLike: { k: `x\${t}` } } })]), { k: 'x' }, false],
])('%s', ([, who, keys, expected]) => {
	expect(allows(world, who, { ...get, keys: keys as Record<string, string> })).toBe(expected);
});

test('what could be allowed takes every condition for met, and a denial only where it has none', () => {
	const conditional = { Condition: { StringEquals: { k: 'a' } } };
	expect(couldAllow(world, role([allow(conditional)]), get)).toBe(true);
	expect(couldAllow(world, role([allow(), { ...allow(conditional), Effect: 'Deny' }]), get)).toBe(true);
	expect(couldAllow(world, role([allow(), { ...allow(), Effect: 'Deny' }]), get)).toBe(false);
});

test('a resource’s own policy denies whoever it is', () => {
	const denying = { ...world, resourcePolicies: new Map([['b', [{ ...allow(), Effect: 'Deny' as const, Principal: '*' }]]]) };
	expect(allows(denying, role([allow()]), get)).toBe(false);
});

test('who is trusted: by name, as anybody, or as one of the account', () => {
	const trusting = (Principal: unknown): Role => ({ ...role([]), trust: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
	const asked = { action: 'sts:AssumeRole', resource: 'x' };
	const aws = 'arn:aws:iam::1:role/r';
	for (const principal of ['*', { AWS: aws }, { AWS: '*' }, { AWS: ['1'] }, { AWS: 'arn:aws:iam::1:root' }])
		expect(trusts(trusting(principal), { aws }, asked)).toBe(true);
	for (const principal of [{ AWS: 'arn:aws:iam::1:role/other' }, { AWS: 'arn:aws:iam::2:root' }, { Service: 'lambda.amazonaws.com' }])
		expect(trusts(trusting(principal), { aws }, asked)).toBe(false);
});

test('what it does not know is an error', () => {
	expect(() => allows(world, role([allow({ Condition: { DateLessThan: { k: '1' } } })]), { ...get, keys: { k: '0' } })).toThrow(
		'not known',
	);
	expect(() => allows(world, role([{ ...allow(), NotAction: 's3:*' } as Statement]), get)).toThrow('not known');
});
