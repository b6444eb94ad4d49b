// Lost requests, lost answers, throttling, answers of somebody else: asked again until there is an answer, and done once.
import { expect, test } from 'vitest';
import type { Client, ClientEvent } from '../../client/index.ts';
import { driven } from '../doubles/driven.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { overHttp, type Request, type Trouble } from './installation-over-http.ts';
import { book } from './parts/client.ts';

async function reach() {
	const { desk } = await driven(outsideWorld(), { readers: 'warm' });
	const over = await overHttp(desk);
	return { desk, over, booked: (what: string) => Number(desk.state.items.get(JSON.stringify(['book', what]))?.posted ?? 0) };
}
async function errand(client: Client): Promise<void> {
	expect(await client.open('run-2', 'task')).toMatchObject({ is: expect.stringMatching(/^(opened|known)$/) });
	expect(await client.call('run-2', 1, book('rent', 7))).toMatchObject({ is: 'done', result: { receipt: expect.any(String) } });
	expect(await client.checkpoint('run-2', { done: 1 })).toMatchObject({ is: 'kept' });
	expect(await client.close('run-2', 'over')).toMatchObject({ is: expect.stringMatching(/^closed/) });
}
const whole = ['opened', 'planned 1', 'granted 1.1', 'done 1.1 by guard', 'checkpoint with memory', 'closed: stopped'];

const requests: Request[] = ['open', 'intake', 'status', 'close', 'StartExecution', 'DescribeExecution'];
const troubles: Trouble[] = ['lost-before', 'lost-after', 'throttled', 'away', 'half', 'html'];
test.for(requests.flatMap((of) => troubles.map((trouble) => [of, trouble] as const)))('%s: %s, time and again', async ([of, trouble]) => {
	const { desk, over, booked } = await reach();
	// One more than the SDK tries by itself.
	over.meet(of, ...Array.from({ length: 4 }, () => trouble));
	await errand(over.client());
	expect(booked('rent')).toBe(7);
	expect(desk.lines('run-2')).toEqual(whole);
	expect(over.asked.filter((one) => one === of).length).toBeGreaterThan(4);
});

/** How many requests an undisturbed errand makes. */
async function requestsMade(): Promise<number> {
	const { over } = await reach();
	await errand(over.client());
	return over.asked.length;
}
test('killed at any request, before it is served or after: begun again, it is done once', { timeout: 60_000 }, async () => {
	const made = await requestsMade();
	expect(made).toBeGreaterThan(7);
	for (let at = 1; at <= made; at += 1) {
		for (const when of ['before', 'after'] as const) {
			const { desk, over, booked } = await reach();
			const kill = new AbortController();
			over.watching.tell = (now, n) => n === at && now === when && kill.abort(new Error('killed'));
			await errand(mortal(over.client(), kill.signal)).catch((error: Error) => expect(error.message).toBe('killed'));
			await errand(over.client());
			expect([at, when, booked('rent')]).toEqual([at, when, 7]);
			expect(desk.lines('run-2')).toEqual(whole);
		}
	}
});

/** A client whose process ends at the signal: nothing that it has asked is answered any more. */
const mortal = (client: Client, signal: AbortSignal): Client => ({
	open: (run, task) => client.open(run, task, { signal }),
	call: (run, step, call) => client.call(run, step, call, { signal }),
	checkpoint: (run, memory) => client.checkpoint(run, memory, { signal }),
	status: (run, steps) => client.status(run, steps, { signal }),
	close: (run, reason) => client.close(run, reason, { signal }),
});

test('a start whose answer was lost is joined under its name, not made again', async () => {
	const { over } = await reach();
	over.meet('StartExecution', 'lost-after');
	const events: ClientEvent[] = [];
	const client = over.client({ onEvent: (event) => events.push(event) });
	await client.open('run-2', 'task');
	await client.call('run-2', 1, book('rent', 7));
	expect([...over.executions.keys()]).toEqual(['run-2.1.0.1.0']);
	expect(events.map(({ is }) => is)).toEqual(['recorded', 'joined']);
	await over.client({ onEvent: (event) => events.push(event) }).call('run-2', 1, book('rent', 7));
	expect(events.map(({ is }) => is)).toEqual(['recorded', 'joined', 'known']);
	expect(over.executions.size).toBe(1);
});

test('every execution begins with its run’s name and a point: by that the sweeper knows that somebody settles it', async () => {
	const { over } = await reach();
	await errand(over.client());
	for (const name of over.executions.keys()) expect(name).toMatch(/^run-2\.[\d.]+$/);
});
