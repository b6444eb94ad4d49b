// The door between a tool and its guard: state machines match errors by name, so a name has to come through it unchanged.
import { expect, test } from 'vitest';
import { lambdaClient, lambdaFunctions } from '../../adapters/lambda/functions.ts';
import { type Answered, type Asked, httpService } from '../doubles/http-service.ts';

async function functions(answer: (asked: Asked) => Answered) {
	const asked: Asked[] = [];
	const service = await httpService((one) => {
		asked.push(one);
		return answer(one);
	});
	return { functions: lambdaFunctions(lambdaClient(service)), asked };
}
const failedAs = (body: unknown): Answered => ({
	status: 200,
	headers: { 'X-Amz-Function-Error': 'Unhandled' },
	body: JSON.stringify(body),
});

test('the event goes in as JSON and the answer comes back', async () => {
	const { functions: door, asked } = await functions(() => ({ status: 200, body: '{"is":"status"}' }));
	expect(await door.invoke('throughline-dev-desk_tool__guard', { ask: 'act' })).toEqual({ is: 'status' });
	expect(asked[0]).toMatchObject({ method: 'POST', path: '/2015-03-31/functions/throughline-dev-desk_tool__guard/invocations' });
	expect(asked[0]?.body.toString()).toBe('{"ask":"act"}');
});

test.for(['LedgerBroken', 'RunKeyLost', 'AppendUnknown', 'Runtime.ExitError', 'Sandbox.Timedout'])('%s stays %s', async (errorType) => {
	const { functions: door } = await functions(() => failedAs({ errorType, errorMessage: 'why' }));
	await expect(door.invoke('guard', {})).rejects.toMatchObject({ name: errorType, message: 'why' });
});

test('a failure that says nothing of itself is a failure', async () => {
	for (const body of [{}, null, 'text']) {
		const { functions: door } = await functions(() => failedAs(body));
		await expect(door.invoke('guard', {})).rejects.toThrow(Error);
	}
});

test.for<[string, Answered]>([
	['no such function', { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' }],
	['too many at once', { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' }, body: '{}' }],
	['a line that breaks', 'hang-up'],
	['no JSON', { status: 200, body: '<html>' }],
])('%s is no answer of the function', async ([, answer]) => {
	const { functions: door } = await functions(() => answer);
	await expect(door.invoke('guard', {})).rejects.toMatchObject({ name: 'FunctionUnreachable' });
});

test('a guard that was not heard is not asked twice: it may have granted', async () => {
	const { functions: door, asked } = await functions(() => 'hang-up');
	await expect(door.invoke('guard', {})).rejects.toThrow();
	expect(asked).toHaveLength(1);
});
