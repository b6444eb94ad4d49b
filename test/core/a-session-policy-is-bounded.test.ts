// I2: a session may do what this call needs and nothing after its time, and its policy is never longer than STS takes.
import { expect, test } from 'vitest';
import { SESSION_POLICY_CHARACTERS } from '../../core/bounds.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';
import { START } from '../doubles/ledger-builder.ts';

const access = { actions: ['dynamodb:GetItem'], resources: ['arn:aws:dynamodb:eu-west-1:1:table/orders'] };
const expiry = {
	Effect: 'Deny',
	Action: '*',
	Resource: '*',
	Condition: { DateGreaterThan: { 'aws:CurrentTime': '2023-11-14T22:13:20.000Z' } },
};
const statements = (text: string): unknown[] => JSON.parse(text).Statement;

test('I2 it allows what is declared and denies everything after its time', () => {
	const policy = sessionPolicy([access], START);
	expect('text' in policy && JSON.parse(policy.text)).toEqual({
		Version: '2012-10-17',
		Statement: [{ Effect: 'Allow', Action: access.actions, Resource: access.resources }, expiry],
	});
});

test('I2 a tool that needs nothing gets nothing', () => {
	const policy = sessionPolicy([], START);
	expect('text' in policy && statements(policy.text)).toEqual([expiry]);
});

test.for([
	['any resource', { ...access, resources: ['*'] }],
	['an empty resource', { ...access, resources: [''] }],
	['a wildcard that came with the input', { ...access, resources: ['arn:aws:s3:::letters/*'] }],
	['a wildcard for one letter', { ...access, resources: ['arn:aws:s3:::letters/order-?'] }],
	['a variable', { ...access, resources: [['arn:aws:s3:::letters/$', '{aws:username}'].join('')] }],
	['any resource among others', { ...access, resources: [...access.resources, '*'] }],
	['no resource', { ...access, resources: [] }],
	['no action', { ...access, actions: [] }],
] as const)('access to %s is refused, with a reason', ([, wrong]) => {
	expect(sessionPolicy([access, wrong], START)).toHaveProperty('why');
});

test('to the character', () => {
	const long = (length: number) => [{ ...access, resources: [`arn:${'x'.repeat(length)}`] }];
	const bare = sessionPolicy(long(0), START);
	const room = SESSION_POLICY_CHARACTERS - ('text' in bare ? bare.text.length : 0);
	expect(sessionPolicy(long(room), START)).toHaveProperty('text');
	expect(sessionPolicy(long(room + 1), START)).toEqual({
		why: `the session policy has ${SESSION_POLICY_CHARACTERS + 1} characters, STS takes about ${SESSION_POLICY_CHARACTERS}; bound the input's lengths in the tool's schema`,
	});
});
