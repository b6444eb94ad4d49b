/** A session is narrowed to its call: access to everything, to nothing by name, or more than STS takes is denied, not widened. */
import { expect, test } from 'vitest';
import { SessionPolicyRefused } from '../../core/ports.ts';
import { call, clerk, type Otherwise, plans, TIMEOUT_SECONDS } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

type Access = ReturnType<NonNullable<Otherwise['access']>>;
const denied: [string, () => Access, string][] = [
	['every resource', () => [{ actions: ['s3:GetObject'], resources: ['*'] }], 'over-long'],
	['a resource without a name', () => [{ actions: ['s3:GetObject'], resources: [''] }], 'over-long'],
	['no resource', () => [{ actions: ['s3:GetObject'], resources: [] }], 'over-long'],
	['no action', () => [{ actions: [], resources: ['arn:aws:s3:::files/it'] }], 'over-long'],
	['more than STS takes', () => [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::files/${'x'.repeat(1_200)}`] }], 'over-long'],
	[
		'access that the tool cannot tell',
		() => {
			throw new Error('no such customer');
		},
		'tool-error',
	],
];
test.for(denied)('%s', async ([, access, reason]) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { otherwise: { access } }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', `denied 1: ${reason}`, 'closed: finished']);
	expect(desk.issuer.issued).toEqual([]);
	expect(outside.arrived).toEqual([]);
});

test('an attempt that may have acted is settled first, though the next would be denied', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('trace');
	outside.next('trace', 'dies-after');
	let resource = 'arn:aws:s3:::files/it';
	const access = () => [{ actions: ['s3:GetObject'], resources: [resource] }];
	const desk = install({ agent: clerk(outside, { otherwise: { access } }) });
	outside.meanwhile = () => {
		resource = '*';
	};
	await desk.run(plans([call('pay.trace')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'asked about 1.1', 'done 1.1 by target', 'closed: finished']);
});

test('what is issued is what the call needs, named and tagged after its attempt, and denies everything after its window', async () => {
	const access = ({ what }: { what: string }) => [{ actions: ['s3:PutObject'], resources: [`arn:aws:s3:::letters/${what}`] }];
	const desk = install({ agent: clerk(outsideWorld(), { otherwise: { access } }) });
	await desk.run(plans([call('letter.send', 'order-7')]));
	expect(desk.issuer.issued).toHaveLength(1);
	const [issued] = desk.issuer.issued;
	expect(issued?.request).toMatchObject({
		role: 'clerk_letter_send-access',
		sessionName: `${RUN}.1.1`,
		sourceIdentity: RUN,
		tags: { agent: 'clerk', run: RUN, step: '1', attempt: '1', head: expect.stringMatching(/^[0-9a-f]{64}$/) },
		durationSeconds: 900,
	});
	const granted = desk.entries().find((entry) => entry.kind === 'decision');
	const notAfter = Number(granted?.at) + TIMEOUT_SECONDS * 1000 + MARGIN_MS;
	expect(granted).toMatchObject({ grant: { accessKeyId: issued?.credentials.accessKeyId, notAfter } });
	expect(JSON.parse(issued?.request.policy ?? '')).toEqual({
		Version: '2012-10-17',
		Statement: [
			{ Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::letters/order-7'] },
			{
				Effect: 'Deny',
				Action: '*',
				Resource: '*',
				Condition: { DateGreaterThan: { 'aws:CurrentTime': new Date(notAfter).toISOString() } },
			},
		],
	});
});

test('the tag `head` is the hash of the entry right before the decision', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('letter.send')]));
	const granted = desk.entries().find((entry) => entry.kind === 'decision');
	expect(desk.issuer.issued[0]?.request.tags.head).toBe(granted?.prev);
});

test('a session policy that the broker does not take is a denial, not an error to try again', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	let asked = 0;
	desk.issuer.issuer.issue = () => {
		asked += 1;
		return Promise.reject(new SessionPolicyRefused('packed with its tags it is more than STS takes'));
	};
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'denied 1: over-long', 'closed: finished']);
	expect(asked).toBe(1);
	expect(outside.arrived).toEqual([]);
});
