/** Each way of interfering, as its caller and the recording see it. What passes by itself is the control. */
import { readFileSync } from 'node:fs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, inject, test } from 'vitest';
import { tellingProxy } from './proxy/control.ts';
import type { Rule } from './proxy/interference.ts';

const { endpoint, region, people, control, recording, account } = inject('emulated');
const sts = new STSClient({ endpoint, region, credentials: people.stranger, maxAttempts: 1 });
const proxy = tellingProxy(control);

const asked = async (): Promise<string> => {
	try {
		return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? 'nobody';
	} catch (error) {
		return error instanceof Error ? `failed: ${error.name}` : 'failed';
	}
};
const recorded = (): number =>
	readFileSync(recording, 'utf8')
		.split('\n')
		.filter((line) => line.includes('"GetCallerIdentity"') && line.includes(':user/stranger')).length;
const told = (what: Rule['do'], more: Partial<Rule> = {}) =>
	proxy.interfere({ service: 'sts', operation: 'GetCallerIdentity', caller: ':user/stranger', ...more, do: what });

const itself = `arn:aws:iam::${account}:user/stranger`;

test.each<[string, Rule['do'], { caller: RegExp; recorded: number }]>([
	['lost before it arrived', { is: 'drop', when: 'before' }, { caller: /^failed/, recorded: 0 }],
	['lost after it was done', { is: 'drop', when: 'after' }, { caller: /^failed/, recorded: 1 }],
	['refused', { is: 'fail', status: 400, code: 'ThrottlingException' }, { caller: /^failed/, recorded: 0 }],
	['late', { is: 'delay', ms: 20 }, { caller: /:user\/stranger$/, recorded: 1 }],
])('%s', async (_, what, expected) => {
	const before = recorded();
	const standing = await told(what);
	expect(await asked()).toMatch(expected.caller);
	expect((await standing.standing()).met).toBe(1);
	expect(await asked()).toBe(itself);
	// The one that passed is recorded as well.
	await expect.poll(recorded).toBe(before + expected.recorded + 1);
	await standing.lift();
});

test('the one that is meant, of one caller, and until it is lifted', async () => {
	const second = await told({ is: 'hold', when: 'before' }, { skip: 1 });
	const others = await proxy.interfere({
		service: 'sts',
		operation: 'GetCallerIdentity',
		caller: ':user/nobody',
		do: { is: 'drop', when: 'before' },
	});
	expect(await asked()).toBe(itself);
	const held = asked();
	await expect.poll(async () => (await second.standing()).waiting).toBe(1);
	await second.lift();
	expect(await held).toBe(itself);
	expect((await others.standing()).met).toBe(0);
	await others.lift();
});
