/**
 * `npm run smoke`: whether a deployment works, in a run of its own that costs next to nothing and touches only what is deployed.
 * Functions, machines, policy, sessions, a committed transaction, and a repeated call that is not done again.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { deployedAt, throughlineClient } from 'throughline/client';
import { ulid } from 'ulid';
import * as z from 'zod';

const STANDARD_OUTPUTS = 'cdk.out/outputs.json';
/** Of each call, cold starts included. */
const ANSWER_MS = 120_000;
/** A table that was just deployed takes no entry before its archive has confirmed it, which is a matter of minutes. */
const FIRST_MS = 900_000;

const { values } = parseArgs({ options: { outputs: { type: 'string', default: STANDARD_OUTPUTS } } });
const outputs = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(readFileSync(values.outputs, 'utf8')));
const deployed = deployedAt(outputs, 'stock-room');
const client = throughlineClient({ ...deployed, region: deployed.stepMachine.split(':')[3] ?? '' });

const run = `smoke-${ulid()}`;
const patient = { timeoutMs: ANSWER_MS };
const receive = (quantity: number) => ({
	tool: 'stock.receive',
	input: { item: 'smoke', quantity },
	purpose: 'to see that the deployment works',
});

let failed = 0;
async function check(what: string, ask: () => Promise<{ is: string }>, expected: string): Promise<void> {
	const begun = performance.now();
	const said = await ask().catch((error: unknown) => ({ is: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }));
	const isAsExpected = said.is === expected;
	if (!isAsExpected) failed += 1;
	const seconds = ((performance.now() - begun) / 1000).toFixed(1);
	console.log(`${isAsExpected ? 'ok    ' : 'FAILED'}  ${what} (${seconds} s)${isAsExpected ? '' : `: ${said.is}, not ${expected}`}`);
}

await check(`a run is opened: ${run}`, () => client.open(run, { deliveries: [] }, { timeoutMs: FIRST_MS }), 'opened');
await check('a call is decided, granted, committed and told', () => client.call(run, 1, receive(1), patient), 'done');
await check('the same call again is the same step', () => client.call(run, 1, receive(1), patient), 'done');
await check('another call under its number is not made', () => client.call(run, 1, receive(2), patient), 'diverged');
await check('a call that policy keeps for a person waits', () => client.call(run, 2, receive(101), patient), 'waiting');
await check('the run is closed, and what waited is denied', () => client.close(run, 'the smoke test is over', patient), 'closed');
if (failed > 0) process.exitCode = 1;
console.log(`look at it with: npx throughline status ${run} --outputs ${values.outputs}`);
