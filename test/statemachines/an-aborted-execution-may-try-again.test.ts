/**
 * The local engine cuts a Retry's wait short when its execution is aborted, and calls the task again: so a host must
 * refuse calls of an execution that it aborted, or that was aborted with a Map's failed item. Step Functions does not do
 * this. Should this test fail one day, the engine was mended and the host's refusal can go.
 */
import { setImmediate } from 'node:timers/promises';
import { StateMachine } from 'aws-local-stepfunctions';
import { expect, test } from 'vitest';
import { deployed, machineOf } from './definitions.ts';
import { failing } from './execution.ts';
import { stepInput } from './samples.ts';

const ATTEMPTS = 7;

test('aborting a step that waits for its next try makes all its tries at once', async () => {
	const act = failing('LedgerUnavailable');
	const run = new StateMachine(deployed(machineOf('step'))).run(stepInput(1), {
		overrides: { taskResourceLocalHandlers: { Act: (given) => act.handler(Object(given)) }, retryIntervalOverrides: { Act: 3_600_000 } },
		noThrowOnAbort: true,
	});
	await setImmediate();
	expect(act.given).toHaveLength(1);
	run.abort();
	expect(await run.result).toBeNull();
	await setImmediate();
	expect(act.given).toHaveLength(ATTEMPTS);
});
