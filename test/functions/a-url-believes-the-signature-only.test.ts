// Who answers is what AWS says of the request's signature. Nothing in the request itself can say it.
import { expect, test } from 'vitest';
import { decideHandler } from '../../functions/decide/handler.ts';
import { callerOf, overUrl, overUrlOrDirectly } from '../../functions/lambda/function-url.ts';
import type { LambdaHandler } from '../../functions/lambda/surroundings.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const ALICE = 'arn:aws:sts::111122223333:assumed-role/refund-supervisors/alice@example.org';
const context = { functionName: 'decide', getRemainingTimeInMillis: () => 30_000 };
const answer = { is: 'done', step: 1, result: { receipt: 'r' }, note: 'seen' };

async function inDoubt(): Promise<Installation> {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('letter.send')]));
	return desk;
}
const serve = (desk: Installation) =>
	overUrl(decideHandler({ ...desk.operator, log: () => {}, exit: () => {}, callerOf }) as unknown as LambdaHandler);
const signed = (body: unknown, more: object = {}) => ({
	version: '2.0',
	requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: ALICE } } },
	body: typeof body === 'string' ? body : JSON.stringify(body),
	isBase64Encoded: false,
	...more,
});
const whoSaid = (desk: Installation) =>
	desk.entries().flatMap((entry) => (entry.kind === 'outcome' && entry.by === 'person' ? [entry.who] : []));

test('the caller that AWS verified is recorded', async () => {
	const desk = await inDoubt();
	const response = await serve(desk)(signed({ run: RUN, answer }), context);
	expect(response).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
	expect(JSON.parse(response.body)).toMatchObject({ is: 'recorded', step: 1 });
	expect(whoSaid(desk)).toEqual([ALICE]);
});

test('a body in base64 is the same body', async () => {
	const desk = await inDoubt();
	const body = Buffer.from(JSON.stringify({ run: RUN, answer })).toString('base64');
	expect(await serve(desk)(signed(body, { isBase64Encoded: true }), context)).toMatchObject({ statusCode: 200 });
});

const MALLORY = 'arn:aws:iam::111122223333:user/mallory';
test.for<[string, (desk: Installation) => Promise<unknown>]>([
	['no signature', (desk) => serve(desk)({ ...signed({ run: RUN, answer }), requestContext: { http: { method: 'POST' } } }, context)],
	['the event of a direct invocation', (desk) => serve(desk)({ run: RUN, answer, by: MALLORY }, context)],
	['a caller in the body', (desk) => serve(desk)(signed({ run: RUN, answer, by: MALLORY }), context)],
	['no JSON', (desk) => serve(desk)(signed('{'), context)],
	[
		'another method',
		(desk) =>
			serve(desk)(
				signed({ run: RUN, answer }, { requestContext: { http: { method: 'GET' }, authorizer: { iam: { userArn: ALICE } } } }),
				context,
			),
	],
])('%s is refused, and nothing is recorded', async ([, ask]) => {
	const desk = await inDoubt();
	const before = desk.lines();
	expect(await ask(desk)).toMatchObject({ statusCode: 400 });
	expect(desk.lines()).toEqual(before);
});

test.for([
	['RunNotFound', 404],
	['LedgerUnavailable', 503],
	['RunKeyLost', 410],
	['FunctionFailed', 500],
] as const)('%s is told as %s', async ([name, statusCode]) => {
	const failing = overUrl(() => Promise.reject(Object.assign(new Error('why'), { name })));
	const response = await failing(signed({}), context);
	expect(response.statusCode).toBe(statusCode);
	expect(JSON.parse(response.body)).toEqual({ error: name, message: 'why' });
});

test('a function that records no caller answers directly too, and a request still as a response', async () => {
	const both = overUrlOrDirectly(async (event) => ({ event }));
	expect(await both({ run: RUN }, context)).toEqual({ event: { run: RUN } });
	expect(await both(signed({ run: RUN }), context)).toMatchObject({ statusCode: 200, body: JSON.stringify({ event: { run: RUN } }) });
	expect(await both({ run: RUN, requestContext: {} }, context)).toMatchObject({ statusCode: 400 });
});

test('one caller is not another: two requests at one time keep their own', async () => {
	const seen: string[] = [];
	const slow = overUrl(async (_event, inner) => {
		await new Promise((resolve) => setTimeout(resolve, 1));
		seen.push(callerOf(inner));
	});
	const by = (userArn: string) => signed({}, { requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn } } } });
	await Promise.all([slow(by(ALICE), context), slow(by(MALLORY), context)]);
	expect(seen.toSorted()).toEqual([MALLORY, ALICE].toSorted());
});

test('control: a handler that took the event at its word would record whoever it names', async () => {
	const naive = (event: { by?: string }) => event.by;
	expect(naive({ by: MALLORY })).toBe(MALLORY);
	expect(() => callerOf(context)).toThrow();
});
