// What Lambda loads, over DynamoDB itself: environment, ports and handlers fit together, from a signed request to the ledger and back.
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import * as z from 'zod';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import type { LambdaHandler } from '../../functions/lambda/surroundings.ts';
import { defineAgent, defineTool } from '../../index.ts';
import { type Asked, httpService } from '../doubles/http-service.ts';
import { confirmed, localOptions } from './local-store.ts';

const ALICE = 'arn:aws:sts::111122223333:assumed-role/support/alice';
const context = { functionName: 'f', getRemainingTimeInMillis: () => 60_000 };
const machine = (name: string) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${name}`;
const letter = defineTool({
	name: 'letter.send',
	description: 'Sends a letter.',
	effect: 'manual',
	fencedBy: 'runtime',
	input: z.strictObject({ to: z.string().max(40) }),
	output: z.json(),
	timeoutSeconds: 5,
	resource: { type: 'Letter', id: ({ to }) => to },
	run: async ({ to }) => ({ to }),
});
const order = defineTool({
	name: 'order.pay',
	description: 'Marks an order as paid.',
	effect: 'transaction',
	tables: ['orders'],
	input: z.strictObject({ to: z.string().max(40) }),
	output: z.json(),
	timeoutSeconds: 5,
	resource: { type: 'Letter', id: ({ to }) => to },
	run: async ({ to }) => ({ output: to, writes: [] }),
});
const agent = defineAgent({
	name: 'desk',
	tools: [letter, order],
	entities: { Letter: {} },
	policies: { all: 'permit (principal, action, resource);' },
	planner: ({ task }) => ({ calls: [{ tool: task === 'pay' ? 'order.pay' : 'letter.send', input: { to: 'them' }, purpose: 'as told' }] }),
});

/** Whose tables they are, in DynamoDB Local: a session of another key sees none. */
let sessionKey = 'ASIAX';
let options: Awaited<ReturnType<typeof localOptions>>;
/** What Step Functions, STS and Lambda were asked, as one service that stands for all three. */
let asked: { target: string; body: string }[];
const issued = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>SESSION</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>EXPIRES</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

beforeEach(async () => {
	options = await localOptions();
	await confirmed(options);
	asked = [];
	const service = await httpService((one: Asked) => {
		const body = one.body.toString();
		const target = String(one.headers['x-amz-target'] ?? (body.includes('AssumeRole') ? 'AssumeRole' : one.path));
		asked.push({ target, body });
		if (target === 'AssumeRole')
			return { status: 200, body: issued.replace('SESSION', sessionKey).replace('EXPIRES', new Date(Date.now() + 900_000).toISOString()) };
		return { status: 200, body: JSON.stringify({ executionArn: 'arn', startDate: 1, status: 'SUCCEEDED', executions: [] }) };
	});
	const variables = {
		AWS_REGION: 'eu-central-1',
		AWS_ACCESS_KEY_ID: 'local',
		AWS_SECRET_ACCESS_KEY: 'local',
		AWS_ENDPOINT_URL: service.endpoint,
		AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
		THROUGHLINE_LEDGER_TABLE: options.ledgerTable,
		THROUGHLINE_KEYS_TABLE: options.keysTable,
		THROUGHLINE_PAYLOAD_BUCKET: 'payloads',
		THROUGHLINE_AGENT_RUN_MACHINE: machine('agent-run'),
		THROUGHLINE_STEP_MACHINES: JSON.stringify([machine('step'), machine('step-desk')]),
		THROUGHLINE_RECOVER_MACHINE: machine('recover'),
		THROUGHLINE_CODE_DIGEST: '0'.repeat(64),
		THROUGHLINE_TOOL: 'letter.send',
		THROUGHLINE_ROLE_PREFIX: 'arn:aws:iam::111122223333:role/throughline-dev-',
		THROUGHLINE_MARGIN_MS: '5000',
		THROUGHLINE_TOOL_SECONDS: '13',
		THROUGHLINE_TABLES: '{}',
		THROUGHLINE_COMMIT_ACCESS: '[]',
	};
	for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

const signed = (body: object) => ({
	requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: ALICE } } },
	body: JSON.stringify(body),
});
const over = async (handler: LambdaHandler, body: object) => {
	const { statusCode, body: said } = (await handler(signed(body), context)) as { statusCode: number; body: string };
	return { statusCode, said: JSON.parse(said) };
};
const kinds = async (run: string) =>
	(await dynamoStore({ ...options, generation: 'any' }).ledger.read(run, { from: 0, limit: 50 })).map(({ body }) => JSON.parse(body));
const started = () => asked.flatMap(({ target, body }) => (target.endsWith('StartExecution') ? [JSON.parse(body)] : []));

test('a run is opened by whoever signed, planned, granted, stopped, resumed and swept over', async () => {
	const open = await (await import('../../functions/open/lambda.ts')).lambda(agent);
	expect(await over(open, { run: 'run-1', task: 'say hello' })).toEqual({ statusCode: 200, said: { is: 'opened', run: 'run-1' } });
	expect(started()).toEqual([
		{ stateMachineArn: machine('agent-run'), name: 'run-1-0', input: '{"run":"run-1","agent":"desk","epoch":0,"hint":0}' },
	]);

	const plan = await (await import('../../functions/plan/lambda.ts')).lambda(agent);
	const planned = await plan({ run: 'run-1', epoch: 0, hint: 0 }, context);
	expect(planned).toMatchObject({ next: 'act', steps: [{ step: 1, function: 'desk_letter_send' }] });

	const guard = await (await import('../../functions/guard/lambda.ts')).lambda(agent);
	expect(await guard({ ask: 'act', run: 'run-1', step: 1, epoch: 0, hint: 0 }, context)).toMatchObject({
		is: 'granted',
		attempt: 1,
		credentials: { accessKeyId: 'ASIAX' },
	});
	expect(decodeURIComponent(asked.find(({ target }) => target === 'AssumeRole')?.body ?? '')).toContain(
		'role/throughline-dev-desk_letter_send-access',
	);

	const close = await (await import('../../functions/close/lambda.ts')).lambda();
	expect(await over(close, { run: 'run-1', reason: 'enough' })).toMatchObject({ said: { is: 'closed', stillOpen: [1] } });
	expect(started().at(-1)).toMatchObject({ stateMachineArn: machine('recover'), input: '{"run":"run-1","reason":"answer"}' });

	const resume = await (await import('../../functions/resume/lambda.ts')).lambda();
	expect(await resume({ run: 'run-1-0', reason: 'interrupted' }, context)).toMatchObject({ next: 'start', epoch: 1, name: 'run-1-1' });

	const sweep = await (await import('../../functions/sweep/lambda.ts')).lambda();
	expect(await sweep({ source: 'aws.events' }, context)).toEqual({ seen: 1, recovered: [], unread: 0, whole: true });
	const entries = await kinds('run-1');
	expect(entries.map(({ kind }) => kind)).toEqual(['opened', 'intent', 'decision', 'closed', 'resumed']);
	expect(entries[0]).toMatchObject({ by: ALICE, code: '0'.repeat(64) });
	expect(entries[3]).toMatchObject({ by: ALICE });
});

test('freezes and thaws are recorded by whoever signed; an answer that nothing asks for is refused', async () => {
	const open = await (await import('../../functions/open/lambda.ts')).lambda(agent);
	await over(open, { run: 'run-2', task: 'say hello' });
	const freeze = await (await import('../../functions/freeze/lambda.ts')).lambda();
	expect((await over(freeze, { is: 'freeze', run: 'run-2', reason: 'look' })).said).toEqual({ is: 'recorded' });
	expect((await over(freeze, { is: 'freeze', agent: 'desk', reason: 'look' })).said).toEqual({ is: 'recorded' });
	expect((await over(freeze, { is: 'freeze', everything: true, reason: 'look' })).said).toEqual({ is: 'recorded' });
	expect((await kinds('@agent:desk'))[0]).toMatchObject({ kind: 'frozen', by: ALICE });
	const before = started().length;
	expect((await over(freeze, { is: 'thaw', run: 'run-2', reason: 'fine' })).said).toEqual({ is: 'recorded' });
	expect(started()).toHaveLength(before + 1);
	const decide = await (await import('../../functions/decide/lambda.ts')).lambda();
	const answer = { is: 'done', step: 1, result: null, note: 'seen' };
	expect(await over(decide, { run: 'run-2', answer })).toMatchObject({ statusCode: 200, said: { is: 'refused' } });
	expect(await over(decide, { run: 'no-such-run', answer })).toMatchObject({ statusCode: 404, said: { error: 'RunNotFound' } });
});

test('an agent that runs elsewhere: its calls and its memory are taken in over the URL and directly, and told back', async () => {
	vi.stubEnv('THROUGHLINE_AGENT', 'desk-elsewhere');
	const elsewhere = defineAgent({ name: 'desk-elsewhere', tools: [letter], entities: { Letter: {} }, policies: {} });
	const open = await (await import('../../functions/open/lambda.ts')).lambda(elsewhere);
	await over(open, { run: 'run-3', task: null });
	expect(started()).toEqual([]);
	const intake = await (await import('../../functions/intake/lambda.ts')).lambda(elsewhere);
	const call = { tool: 'letter.send', input: { to: 'them' }, purpose: 'as told' };
	expect(await over(intake, { run: 'run-3', first: 1, calls: [call] })).toMatchObject({ statusCode: 200, said: { is: 'recorded' } });
	const ids = { run: 'run-3', agent: 'desk-elsewhere', epoch: 0, tool: 'letter.send', function: 'desk-elsewhere_letter_send', hint: 0 };
	expect(await intake({ state: 'Intake', run: 'run-3', step: 2, call }, context)).toEqual({ ...ids, step: 2 });
	const diverged = intake({ state: 'Intake', run: 'run-3', step: 2, call: { ...call, purpose: 'for fun' } }, context);
	await expect(diverged).rejects.toMatchObject({ name: 'CallDiverged' });
	expect(await over(intake, { run: 'run-3', memory: { sent: 2 } })).toMatchObject({ said: { is: 'kept' } });
	const status = await (await import('../../functions/status/lambda.ts')).lambda();
	const standing = { nextStep: 3, memory: { memory: { sent: 2 } }, steps: [{ step: 2, is: 'open' }] };
	expect(await over(status, { run: 'run-3', steps: [{ step: 2 }], memory: true })).toMatchObject({ said: standing });
	vi.stubEnv('THROUGHLINE_AGENT', 'somebody-else');
	const other = await (await import('../../functions/status/lambda.ts')).lambda();
	expect(await over(other, { run: 'run-3', steps: [{ step: 2 }], memory: true })).toMatchObject({ said: { is: 'refused' } });
});

/** Opens a run that pays an order, and reports it paid to the guard. */
async function paid(run: string, key: string) {
	vi.stubEnv('THROUGHLINE_TOOL', 'order.pay');
	vi.stubEnv('THROUGHLINE_TABLES', JSON.stringify({ orders: options.tables.orders }));
	vi.stubEnv(
		'THROUGHLINE_COMMIT_ACCESS',
		JSON.stringify([{ actions: ['dynamodb:PutItem'], resources: ['arn:aws:dynamodb:eu-central-1:111122223333:table/ledger'] }]),
	);
	const open = await (await import('../../functions/open/lambda.ts')).lambda(agent);
	await over(open, { run, task: 'pay' });
	await (await (await import('../../functions/plan/lambda.ts')).lambda(agent))({ run, epoch: 0, hint: 0 }, context);
	const guard = await (await import('../../functions/guard/lambda.ts')).lambda(agent);
	const { token } = (await guard({ ask: 'act', run, step: 1, epoch: 0, hint: 0 }, context)) as { token: string };
	sessionKey = key;
	const report = { is: 'done', output: 'paid', writes: [{ table: 'orders', key: 'o-1', put: { paid: true } }] };
	return guard({ ask: 'report', run, step: 1, hint: 0, token, report }, context).finally(() => {
		sessionKey = 'ASIAX';
	});
}
const orders = () => dynamoStore({ ...options, generation: 'any' }).tables;

test('a transaction is committed by a session of its own, under the commit role, with the access that it was deployed with', async () => {
	expect(await paid('run-3', 'local')).toEqual({ is: 'status', status: { status: 'ended' } });
	expect(await orders().get('orders', 'o-1')).toEqual({ paid: true });
	const sessions = asked.flatMap(({ target, body }) => (target === 'AssumeRole' ? [Object.fromEntries(new URLSearchParams(body))] : []));
	expect(sessions.map(({ RoleArn }) => RoleArn?.split('throughline-dev-')[1])).toEqual(['desk_order_pay-access', 'desk_order_pay-commit']);
	expect(JSON.parse(sessions[1]?.Policy ?? '').Statement[0]).toMatchObject({ Effect: 'Allow', Action: ['dynamodb:PutItem'] });
	expect((await kinds('run-3')).at(-1)).toMatchObject({ kind: 'outcome', result: 'done', by: 'guard', commit: 'local' });
});

test('control: a session that may not write commits nothing, though the guard’s own client could', async () => {
	await expect(paid('run-4', 'another')).rejects.toMatchObject({ name: 'LedgerUnavailable' });
	expect(await orders().get('orders', 'o-1')).toBeUndefined();
	expect((await kinds('run-4')).at(-1)).toMatchObject({ kind: 'decision' });
});
