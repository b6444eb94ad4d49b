/** What holds of every client, whichever installation it reaches. The agent books small amounts, larger ones with approval, and reads nothing but `GARBLED`. */
import { describe, expect, test } from 'vitest';
import type { Client } from '../../../client/index.ts';

export type Reached = {
	readonly client: Client;
	/** A client of another process, begun now. */
	readonly another: () => Client | Promise<Client>;
	readonly approve: (run: string, step: number, shown: string) => Promise<void>;
	/** What was really booked. */
	readonly booked: (what: string) => Promise<number>;
};

export const book = (what: string, cents: number) => ({ tool: 'book.post', input: { what, cents }, purpose: `book ${what}` });
export const LIMIT = 100;
/** Whoever reads it gets something else than was declared. */
export const GARBLED = 'garbled';

export function clientContract(name: string, reach: () => Promise<Reached>): void {
	describe(name, () => {
		test('a run from its opening to its end, each thing asked twice: done once', async () => {
			const { client, booked } = await reach();
			expect(await client.open('run-a', { of: 'a' })).toMatchObject({ is: 'opened', nextStep: 1, memory: undefined });
			expect(await client.open('run-a', { of: 'a' })).toMatchObject({ is: 'known' });
			for (let time = 0; time < 2; time += 1) {
				const answer = await client.call('run-a', 1, book('rent', 7));
				expect(answer).toMatchObject({ is: 'done', step: 1, result: { receipt: expect.any(String) } });
				expect(await client.checkpoint('run-a', { done: 1 })).toEqual({ is: 'kept', run: 'run-a' });
			}
			expect(await client.status('run-a', [1, 2])).toMatchObject({
				is: 'standing',
				nextStep: 2,
				memory: { done: 1 },
				steps: [{ is: 'done' }, { is: 'unrecorded' }],
			});
			expect(await client.close('run-a', 'all is done')).toMatchObject({ is: 'closed', stillOpen: [] });
			expect(await client.close('run-a', 'all is done')).toMatchObject({ is: 'closed-before' });
			expect(await client.call('run-a', 1, book('rent', 7))).toMatchObject({ is: 'done' });
			expect(await client.call('run-a', 2, book('rent', 7))).toMatchObject({ is: 'refused' });
			expect(await booked('rent')).toBe(7);
		});

		test('another process gets the memory back, and goes on under the numbers it finds', async () => {
			const { client, another, booked } = await reach();
			await client.open('run-b', null);
			await client.call('run-b', 1, book('ink', 1));
			await client.checkpoint('run-b', { next: 2 });
			const begunAnew = await another();
			expect(await begunAnew.open('run-b', null)).toMatchObject({ is: 'known', memory: { next: 2 }, nextStep: 2 });
			expect(await begunAnew.call('run-b', 1, book('ink', 1))).toMatchObject({ is: 'done' });
			expect(await begunAnew.checkpoint('run-b', { next: 3 })).toMatchObject({ is: 'kept' });
			expect(await client.checkpoint('run-b', { next: 2, and: 'more' })).toEqual({ is: 'overtaken', run: 'run-b' });
			expect(await booked('ink')).toBe(1);
		});

		test('control: who takes a fresh number after a restart does it twice', async () => {
			const { client, another, booked } = await reach();
			await client.open('run-c', null);
			await client.call('run-c', 1, book('soap', 5));
			const naive = await another();
			const opened = await naive.open('run-c', null);
			await naive.call('run-c', 'nextStep' in opened ? opened.nextStep : 0, book('soap', 5));
			expect(await booked('soap')).toBe(10);
		});

		test('another call under a used number, a gap, a tool that is not there, a run that is not', async () => {
			const { client, booked } = await reach();
			await client.open('run-d', { of: 'd' });
			await client.call('run-d', 1, book('tea', 2));
			expect(await client.call('run-d', 1, book('tea', 3))).toEqual({ is: 'diverged', step: 1 });
			expect(await client.call('run-d', 3, book('tea', 2))).toMatchObject({ is: 'refused' });
			expect(await client.call('run-d', 2, { ...book('tea', 2), tool: 'tea.drink' })).toMatchObject({ is: 'refused' });
			expect(await client.call('run-none', 1, book('tea', 2))).toMatchObject({ is: 'refused', why: expect.stringContaining('run-none') });
			expect(await client.open('run-d', { of: 'something else' })).toMatchObject({ is: 'taken' });
			expect(await client.open('no run id!', null)).toMatchObject({ is: 'refused' });
			expect(await booked('tea')).toBe(2);
		});

		test('denied, with the reason', async () => {
			const { client } = await reach();
			await client.open('run-e', null);
			const answer = await client.call('run-e', 1, { tool: 'file.read', input: { what: 'secrets' }, purpose: 'curious' });
			expect(answer).toMatchObject({ is: 'denied', step: 1, by: 'guard', reason: expect.any(String) });
		});

		test('done, and what is wrong with its result', async () => {
			const { client } = await reach();
			await client.open('run-h', null);
			const answer = await client.call('run-h', 1, { tool: 'file.read', input: { what: GARBLED }, purpose: 'curious' });
			const reason = expect.stringMatching(/^not of the declared shape: /);
			expect(answer).toEqual({ is: 'done', step: 1, by: 'tool', result: { read: 'nothing' }, reason });
			expect(await client.status('run-h', [1])).toMatchObject({ steps: [{ is: 'done', result: { read: 'nothing' }, reason }] });
		});

		test('waiting for a person, then done when it is asked again', async () => {
			const { client, another, approve, booked } = await reach();
			await client.open('run-f', null);
			const waiting = await client.call('run-f', 1, book('car', LIMIT + 1));
			expect(waiting).toMatchObject({ is: 'waiting', step: 1, for: 'approval', shown: expect.any(String) });
			expect(await client.call('run-f', 1, book('car', LIMIT + 1))).toEqual(waiting);
			expect(await booked('car')).toBe(0);
			await approve('run-f', 1, 'shown' in waiting ? (waiting.shown ?? '') : '');
			expect(await (await another()).call('run-f', 1, book('car', LIMIT + 1))).toMatchObject({ is: 'done' });
			expect(await booked('car')).toBe(LIMIT + 1);
		});

		test('an aborted signal ends it with its own reason; asked again, it is done once', async () => {
			const { client, booked } = await reach();
			await client.open('run-g', null);
			const abort = AbortSignal.abort(new Error('enough'));
			await expect(client.call('run-g', 1, book('milk', 3), { signal: abort })).rejects.toThrow('enough');
			expect(await client.call('run-g', 1, book('milk', 3))).toMatchObject({ is: 'done' });
			expect(await booked('milk')).toBe(3);
		});
	});
}
