/**
 * What the local engine makes of what a task's handler throws. Retry and Catch compare `ErrorEquals` with the thrown
 * thing's `name`, as Step Functions compares it with Lambda's `errorType`, which is the error's `name` too. So a handler
 * can raise any name there is: a class that sets `name`, an Error given one, or a plain `{ name, message }`. A class that
 * sets none is called `Error`. What a Catch stores is `{ Error: name, Cause: message }`; `cause` is for the event log.
 *
 * Three differences from AWS, to be kept in mind by who writes handlers:
 * - `isRetryable: false` and `isCatchable: false` on what is thrown hold it back from Retry and Catch, States.ALL included.
 *   The engine marks its own States.Runtime (a path that leads nowhere) with both. A thrown Error that only bears that
 *   name is tried again and caught.
 * - States.TaskFailed leaves out the engine's own timeout alone: a thrown Error named States.Timeout matches it.
 * - Throwing undefined or null breaks the engine: nothing catches it. Throw Errors.
 */
import { StateMachine } from 'aws-local-stepfunctions';
import { expect, test } from 'vitest';
import { machineOf } from './definitions.ts';
import { execute, lambda, named } from './execution.ts';
import { status } from './samples.ts';

/** Tries again once after Known, twice after any failed task, and says which Catch it went by. */
const definition = {
	StartAt: 'Try',
	States: {
		Try: {
			Type: 'Task',
			Resource: 'arn:aws:states:::lambda:invoke',
			Retry: [
				{ ErrorEquals: ['Known'], MaxAttempts: 1 },
				{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 },
			],
			Catch: [
				{ ErrorEquals: ['Known'], Next: 'CaughtByName' },
				{ ErrorEquals: ['States.ALL'], Next: 'CaughtByAll' },
			],
			End: true,
		},
		CaughtByName: { Type: 'Succeed' },
		CaughtByAll: { Type: 'Succeed' },
	},
} as const;

async function thrown(error: unknown): Promise<{ calls: number; by: string | undefined; output: unknown }> {
	let calls = 0;
	const run = new StateMachine(JSON.parse(JSON.stringify(definition))).run(null, {
		overrides: {
			taskResourceLocalHandlers: {
				Try: () => {
					calls += 1;
					throw error;
				},
			},
			retryIntervalOverrides: { Try: 0 },
		},
	});
	const output = run.result.catch((failure: Error) => `failed: ${Object(failure.cause).name}`);
	let by: string | undefined;
	for await (const event of run.eventLogs) if (event.type === 'StateEntered' && event.state.name !== 'Try') by = event.state.name;
	return { calls, by, output: await output };
}

class Known extends Error {
	override name = 'Known';
}
class Nameless extends Error {}

test.each([
	['a class that sets its name', new Known('why')],
	['an Error given a name', Object.assign(new Error('why'), { name: 'Known' })],
	['a plain object with a name', { name: 'Known', message: 'why' }],
])('%s matches by it', async (_, error) => {
	expect(await thrown(error)).toEqual({ calls: 2, by: 'CaughtByName', output: { Error: 'Known', Cause: 'why' } });
});

test.each([
	['a class that sets none', new Nameless('why'), { Error: 'Error', Cause: 'why' }],
	['a built-in error', new TypeError('why'), { Error: 'TypeError', Cause: 'why' }],
	['a string', 'why', {}],
	['a name that only begins alike', named('Known.Not'), { Error: 'Known.Not', Cause: 'Known.Not on purpose' }],
	['the mere name of a timeout', named('States.Timeout'), { Error: 'States.Timeout', Cause: 'States.Timeout on purpose' }],
	['the mere name of a runtime error', named('States.Runtime'), { Error: 'States.Runtime', Cause: 'States.Runtime on purpose' }],
])('%s matches the wildcards only', async (_, error, output) => {
	expect(await thrown(error)).toEqual({ calls: 3, by: 'CaughtByAll', output });
});

test('an error that says so is neither tried again nor caught', async () => {
	expect(await thrown(Object.assign(new Known('why'), { isRetryable: false }))).toMatchObject({ calls: 1, by: 'CaughtByName' });
	const both = Object.assign(new Known('why'), { isRetryable: false, isCatchable: false });
	expect(await thrown(both)).toEqual({ calls: 1, by: undefined, output: 'failed: Known' });
});

test.each([undefined, null])('throwing %s breaks the engine', async (nothing) => {
	expect(await thrown(nothing)).toEqual({ calls: 1, by: undefined, output: 'failed: TypeError' });
});

test('an input without its ids fails at once as States.Runtime, past every Catch', async () => {
	const execution = await execute(machineOf('step'), {
		input: { run: 'run-7' },
		tasks: { Act: lambda(status({ status: 'ended' })).handler },
	});
	expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime', entered: ['Act'] });
});
