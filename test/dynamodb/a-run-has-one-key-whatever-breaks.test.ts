/** A key is made once and destroyed for good, with every request for it broken each way. `create` has no `unknown`: it throws, and is asked again. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DynamoOptions, dynamoStore } from '../../adapters/dynamodb/store.ts';
import type { RunKeys } from '../../core/ports.ts';
import { type FaultPlan, pass } from './fault-proxy.ts';
import { type Fault, faultsOf, kindOf } from './faults.ts';
import { localClient, localOptions } from './local-store.ts';
import { overwriting } from './naive-adapters.ts';
import { proxiedStore, type Retries } from './proxied-store.ts';
import { added, type ControlReport, type FaultsFired, reportPart } from './report.ts';

let options: DynamoOptions;
let cases = 0;
let requests = 0;
const met: FaultsFired[] = [];
const controls: ControlReport[] = [];
beforeAll(async () => {
	options = await localOptions();
});
afterAll(() => reportPart('keys', { requests, controls, faultsFired: added(met) }));

const breaking =
	(fault: Fault): FaultPlan =>
	({ n }) =>
		n === 1 ? fault : pass;
const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const unheard = (error: Error): undefined => {
	if (error.name !== 'NoAnswer') throw error;
};

/** `work` over keys whose first request is broken; what is late has arrived when it resolves. */
async function brokenOnce(
	{ fault, retries, target }: { fault: Fault; retries: Retries; target: string },
	work: (keys: RunKeys, run: string) => Promise<void>,
): Promise<string> {
	cases += 1;
	const run = `key-${cases}`;
	const { store, proxy, close } = await proxiedStore(options, { database: inject('dynamodbEndpoint'), plan: breaking(fault), retries });
	await work(store.keys, run);
	await close();
	expect(proxy.fired).toEqual({ [kindOf(fault)]: { [target]: 1 } });
	met.push(proxy.fired);
	requests += proxy.requests.length;
	return run;
}

/** What both are told: once anybody has heard of a key, it stands. */
async function madeByTwo(keys: RunKeys, run: string): Promise<Uint8Array> {
	const heard = await keys.create(run, first).catch(unheard);
	const told = await keys.create(run, second);
	if (heard && !Buffer.from(heard).equals(told)) throw new Error(`${run}: two keys were told of`);
	expect([first, second]).toContainEqual(told);
	return told;
}

test('control: a key that is put without a condition is found out', async () => {
	const naive = { ...options, client: localClient() };
	overwriting.alter?.(naive.client);
	const says = await madeByTwo(dynamoStore(naive).keys, 'key-naive').then(
		() => 'nothing',
		(error: Error) => error.message,
	);
	controls.push({ name: 'keys that are put without a condition', says, caught: says !== 'nothing' });
	expect(says).toBe('key-naive: two keys were told of');
});

test.for(['off', 'on'] as const)('made by two, with the SDK’s second try %s: both are told the one that stands', async (retries) => {
	const made = faultsOf('PutItem').map(async (fault) => {
		let told: Uint8Array | undefined;
		const run = await brokenOnce({ fault, retries, target: 'PutItem' }, async (keys, id) => {
			told = await madeByTwo(keys, id);
		});
		expect(await dynamoStore(options).keys.get(run)).toEqual(told);
	});
	await Promise.all(made);
});

test.for(['off', 'on'] as const)('destroyed, with the SDK’s second try %s: for good, also for a key that arrives late', async (retries) => {
	const clean = dynamoStore(options);
	const destroyed = faultsOf('PutItem').flatMap((fault) => [
		brokenOnce({ fault, retries, target: 'PutItem' }, async (keys, run) => {
			await clean.keys.create(run, first);
			await keys.destroy(run).catch(unheard);
			await keys.destroy(run);
		}),
		brokenOnce({ fault, retries, target: 'PutItem' }, async (keys, run) => {
			await keys.create(run, first).catch(unheard);
			await keys.destroy(run);
		}),
	]);
	for (const run of await Promise.all(destroyed)) {
		expect(await clean.keys.get(run)).toBeUndefined();
		await expect(clean.keys.create(run, second)).rejects.toThrow('was destroyed');
	}
});
