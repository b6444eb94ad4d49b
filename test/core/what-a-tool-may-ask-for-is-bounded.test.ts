// I2: a tool's roles are deployed with what it declares at most; what is no bound is told before anything is deployed.
import { expect, test } from 'vitest';
import { covers, unbounded } from '../../core/step/grants.ts';

const letters = { actions: ['s3:PutObject', 's3:GetObject'], resources: ['arn:aws:s3:::letters/*'] };
const orders = { actions: ['dynamodb:GetItem'], resources: ['arn:aws:dynamodb:eu-west-1:111122223333:table/orders'] };

test.for([
	['an object in the bucket', [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::letters/order-7'] }], true],
	['nothing at all', [], true],
	['two statements, each of a grant of its own', [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::letters/a'] }, orders], true],
	['another bucket', [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::letters-of-others/order-7'] }], false],
	['another action', [{ actions: ['s3:DeleteObject'], resources: ['arn:aws:s3:::letters/order-7'] }], false],
	['an action of one grant on a resource of another', [{ actions: ['s3:PutObject'], resources: orders.resources }], false],
	['one resource too many', [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::letters/a', 'arn:aws:s3:::bills/a'] }], false],
] as const)('%s', ([, access, covered]) => {
	expect(covers([letters, orders], access)).toBe(covered);
});

test.for([
	['arn:aws:s3:::letters/*'],
	['arn:aws:s3:::letters'],
	['arn:aws:s3:::letters/out/*'],
	['arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*'],
	['arn:aws:sqs:eu-west-1:111122223333:orders-*'],
	['arn:aws:lambda:eu-west-1:111122223333:function:mailer'],
])('%s is a bound', ([resource = '']) => {
	expect(unbounded({ actions: ['s3:GetObject'], resources: [resource] })).toBeUndefined();
});

test.for([
	['*'],
	[''],
	['letters'],
	['arn:aws:s3:::*'],
	['arn:aws:s3:::letters*'],
	['arn:aws:dynamodb:eu-west-1:111122223333:table/*'],
	['arn:aws:lambda:eu-west-1:111122223333:function:*'],
	['arn:aws:sqs:*:*:orders'],
	['arn:aws:s3:::*/mine'],
	['arn:aws:s3:::letters/?'],
])('%s is none', ([resource = '']) => {
	expect(unbounded({ actions: ['s3:GetObject'], resources: [resource] })).toContain('reaches');
});

test.for(['*', 's3:*', 's3:Put*', 'PutObject', ''])('action %s is none', (action) => {
	expect(unbounded({ actions: [action], resources: ['arn:aws:s3:::letters/*'] })).toContain('allows');
});

test('a grant of nothing is none', () => {
	expect(unbounded({ actions: [], resources: ['arn:aws:s3:::letters'] })).toContain('no action');
	expect(unbounded({ actions: ['s3:GetObject'], resources: [] })).toContain('no resource');
});
