// What a tool may ask of AWS is bounded before it is deployed: by its grants, and by the longest input that its schema takes.
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Access, Tool } from '../../core/agent/tool.ts';
import { defineTool } from '../../core/agent/tool.ts';
import { SESSION_POLICY_CHARACTERS } from '../../core/bounds.ts';
import { epochMs } from '../../core/ids.ts';
import { covers } from '../../core/step/grants.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';
import { loadAgents } from '../../infra/bundling/agent-folders.ts';
import { checkBounds } from '../../infra/constructs/tool-bounds.ts';
import { loadAgent } from '../../local/load-agent.ts';
import { letterDesk } from './synthesized.ts';

const bucket = 'arn:aws:s3:::letters';
const grants = [{ actions: ['s3:PutObject'], resources: [`${bucket}/*`] }];
type Given = { input: z.ZodObject; access?: (input: never) => readonly Access[]; grants?: readonly Access[] };
const tool = ({ input, access, grants: most }: Given): Tool =>
	defineTool({
		name: 'letters.put',
		description: 'd',
		effect: 'read',
		input,
		output: z.json(),
		timeoutSeconds: 5,
		resource: { type: 'T', id: () => 't' },
		...(access && { access: access as unknown as () => readonly Access[] }),
		...(most && { grants: most }),
		run: async () => null,
	});
const putOf = (text: string): Access[] => [{ actions: ['s3:PutObject'], resources: [`${bucket}/${text}`] }];
const check = (given: Given) => () => checkBounds('desk', tool(given));

test.for<[string, Given]>([
	['a tool that asks for nothing', { input: z.object({ text: z.string() }) }],
	['bounded by max', { input: z.object({ id: z.string().max(40) }), access: ({ id }: { id: string }) => putOf(id), grants }],
	[
		'bounded by its pattern',
		{ input: z.object({ id: z.string().regex(/^[a-z0-9-]{1,64}$/) }), access: ({ id }: { id: string }) => putOf(id), grants },
	],
	['an enum', { input: z.object({ kind: z.enum(['letter', 'bill']) }), access: ({ kind }: { kind: string }) => putOf(kind), grants }],
	['a number', { input: z.object({ id: z.int() }), access: ({ id }: { id: number }) => putOf(String(id)), grants }],
	[
		'a text without end that enters nothing',
		{ input: z.object({ id: z.string().max(40), text: z.string() }), access: ({ id }: { id: string }) => putOf(id), grants },
	],
	[
		'a few of bounded length',
		{ input: z.object({ ids: z.array(z.string().max(20)).max(4) }), access: ({ ids }: { ids: string[] }) => ids.flatMap(putOf), grants },
	],
])('%s is deployed', ([, given]) => {
	expect(check(given)).not.toThrow();
});

test.for<[string, Given, RegExp]>([
	[
		'access without grants',
		{ input: z.object({ id: z.string().max(40) }), access: ({ id }: { id: string }) => putOf(id) },
		/has access without grants/,
	],
	['a grant on everything', { input: z.object({}), grants: [{ actions: ['s3:PutObject'], resources: ['*'] }] }, /reaches "\*"/],
	['a grant of every action', { input: z.object({}), grants: [{ actions: ['s3:*'], resources: [bucket] }] }, /allows "s3:\*"/],
	[
		'a text without end that enters access',
		{ input: z.object({ id: z.string() }), access: ({ id }: { id: string }) => putOf(id), grants },
		/can ask for too much in access: .*bound the input's lengths/,
	],
	[
		'one that is too long',
		{ input: z.object({ id: z.string().max(1_200) }), access: ({ id }: { id: string }) => putOf(id), grants },
		/can ask for too much/,
	],
	[
		'one that is too long once it is JSON',
		{ input: z.object({ id: z.string().max(300) }), access: ({ id }: { id: string }) => putOf(id), grants },
		/can ask for too much/,
	],
	[
		'too many',
		{ input: z.object({ ids: z.array(z.string().max(40)) }), access: ({ ids }: { ids: string[] }) => ids.flatMap(putOf), grants },
		/can ask for too much/,
	],
	[
		'access that throws',
		{
			input: z.object({}),
			access: () => {
				throw new Error('no');
			},
			grants,
		},
		/throws in access/,
	],
])('%s is not, and the error says what to do', ([, given, why]) => {
	expect(check(given)).toThrow(why);
	expect(check(given)).toThrow(/^agent desk: tool letters.put /);
});

property.prop([fc.stringMatching(/^[a-z0-9-]{1,40}$/), fc.stringMatching(/^[a-z0-9-]{1,40}$/)])(
	'whatever the input, letter-desk asks within its grants and within STS’s bounds',
	async (customer, letter) => {
		const { agent } = await loadAgent(letterDesk);
		const put = agent.tools.get('letters.put');
		const input = put?.input.parse({ customer, letter, text: '' });
		expect(covers(put?.grants ?? [], put?.access(input) ?? [])).toBe(true);
		expect(covers(put?.lookupGrants ?? [], put?.lookupAccess(input) ?? [])).toBe(true);
		expect(sessionPolicy(put?.access(input) ?? [], epochMs.parse(0))).toHaveProperty('text');
	},
);

property.prop([fc.integer({ min: 1, max: 1_200 }), fc.string({ unit: 'binary', maxLength: 1_200 })])(
	'what is deployed is never over-long later, whatever the text',
	(most, text) => {
		const given: Given = { input: z.object({ id: z.string().max(most) }), access: ({ id }: { id: string }) => putOf(id), grants };
		const isDeployed = (() => {
			try {
				check(given)();
				return true;
			} catch {
				return false;
			}
		})();
		const parsed = given.input.safeParse({ id: text });
		fc.pre(isDeployed && parsed.success);
		const policy = sessionPolicy(tool(given).access(parsed.data), epochMs.parse(0));
		if ('why' in policy) expect(policy.why).not.toContain('characters');
		else expect(policy.text.length).toBeLessThanOrEqual(SESSION_POLICY_CHARACTERS);
	},
);

test('every tool of every agent here is bounded', async () => {
	for (const { agent } of [...(await loadAgents()), await loadAgent(letterDesk)])
		for (const each of agent.tools.values()) checkBounds(agent.name, each);
});

test('control: judged by the number of characters alone, a text of quotes would pass and be over-long later', () => {
	const naive = (id: string) => putOf(id)[0]?.resources[0]?.length ?? 0;
	const quotes = '"'.repeat(600);
	expect(naive(quotes)).toBeLessThan(SESSION_POLICY_CHARACTERS);
	expect(sessionPolicy(putOf(quotes), epochMs.parse(0))).toHaveProperty('why');
});
