/** A commit that is fenced, frozen, foreign, malformed or refused by its condition changes nothing, and the step may be granted again. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { freezeChain } from '../../functions/freeze/freeze.ts';
import type { Write } from '../../index.ts';
import { defineTool } from '../../index.ts';
import { call, clerk, plans, TIMEOUT_SECONDS } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const task = plans([call('book.post', 'account', 7)]);
const nothingPosted = (desk: Installation) => expect([...desk.state.items]).toEqual([]);

test('frozen after the grant: the commit fails; thawed, the next attempt commits', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	outside.meanwhile = () => freezeChain('@all', { is: 'freeze', by: BY, reason: 'stop' }, desk.operator.store);
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'failed 1.1 by guard: fenced-or-frozen']);
	nothingPosted(desk);
	outside.meanwhile = () => {};
	await freezeChain('@all', { is: 'thaw', by: BY, reason: 'go on' }, desk.operator.store);
	await desk.recover();
	expect(desk.lines().slice(4)).toEqual(['resumed 1: answer', 'granted 1.2', 'done 1.2 by guard', 'closed: finished']);
});

test('fenced after the grant: the commit fails, the new epoch commits', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	outside.meanwhile = async () => {
		outside.meanwhile = () => {};
		await desk.invoke('resume', { run: RUN, reason: 'person' });
	};
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'resumed 1: person', 'failed 1.1 by guard: fenced-or-frozen']);
	nothingPosted(desk);
	await desk.recover(RUN, 'recovery');
	expect(desk.lines().slice(5)).toEqual(['resumed 2: recovery', 'granted 1.2', 'done 1.2 by guard', 'closed: finished']);
});

const refusedWrites: [string, Write[], string][] = [
	['a table the tool did not declare', [{ table: 'ledger', key: 'x', put: { a: 1 } }], 'foreign-table'],
	[
		'two writes to one item',
		[
			{ table: 'book', key: 'x', add: { a: 1 } },
			{ table: 'book', key: 'x', add: { a: 1 } },
		],
		'malformed-writes',
	],
	['half a surrogate pair', [{ table: 'book', key: 'x', put: { a: '\ud800' } }], 'malformed-writes'],
	['a condition that does not hold', [{ table: 'book', key: 'x', set: { a: 1 }, onlyIf: { b: 1 } }], 'condition'],
];
test.for(refusedWrites)('%s: nothing is written, and after five attempts the step is denied', async ([, writes, reason]) => {
	const desk = install({ agent: clerk(outsideWorld(), { tools: [bookPost(writes)] }) });
	await desk.run(task);
	const tried = [1, 2, 3, 4, 5].flatMap((attempt) => [`granted 1.${attempt}`, `failed 1.${attempt} by guard: ${reason}`]);
	expect(desk.lines()).toEqual(['opened', 'planned 1', ...tried, 'denied 1: attempts', 'closed: finished']);
	nothingPosted(desk);
});

test('more writes than a report can carry: the attempts are used up, then the step is denied', async () => {
	const writes = Array.from({ length: 51 }, (_, index) => ({ table: 'book', key: `k${index}`, add: { a: 1 } }));
	const desk = install({ agent: clerk(outsideWorld(), { tools: [bookPost(writes)] }) });
	await desk.run(task);
	expect(desk.lines().slice(-2)).toEqual(['denied 1: attempts', 'closed: finished']);
	nothingPosted(desk);
});

const bookPost = (writes: readonly Write[]) =>
	defineTool({
		name: 'book.post',
		description: 'Posts what it is made to.',
		effect: 'transaction',
		tables: ['book'],
		input: z.object({ what: z.string() }),
		output: z.object({}),
		timeoutSeconds: TIMEOUT_SECONDS,
		resource: { type: 'Thing', id: ({ what }) => what },
		run: async () => ({ output: {}, writes }),
	});
