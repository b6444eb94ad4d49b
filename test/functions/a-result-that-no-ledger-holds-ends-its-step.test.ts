/** What a tool answers is untrusted: whatever its form, that it is done is recorded, and no attempt stays open over it. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { FACTS_PER_RUN } from '../../core/bounds.ts';
import type { Happened, Json } from '../../index.ts';
import { call, clerk, clerkTools, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const results: [string, Json, RegExp][] = [
	['not of the declared shape', { something: 'else' }, /^not of the declared shape: /],
	['half a surrogate pair', { receipt: 'cut off: \ud83d' }, /half a surrogate pair was not kept$/],
	['half a surrogate pair in a key', { receipt: 'r', '\ud83d': 1 }, /half a surrogate pair was not kept$/],
	['a megabyte', { receipt: 'x'.repeat(1_048_576) }, /^a result of \d+ bytes was not kept$/],
];

test.for(results)('%s', async ([, result, why]) => {
	const outside = outsideWorld();
	const tools = clerkTools(outside).map((tool) => ({ ...tool, run: async () => result }));
	let told: readonly Happened[] = [];
	const desk = install({
		agent: clerk(outside, {
			tools,
			planner: ({ happened }) => {
				told = happened;
				return happened.length > 0 ? { finish: null } : { calls: [call('letter.send')] };
			},
		}),
	});
	await desk.run(null);
	// Whoever plans next is told that it is done, and what is wrong with its result.
	expect(told).toMatchObject([{ ended: 'done', by: 'tool', reason: expect.stringMatching(why) }]);
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'done 1.1 by tool: malformed', 'closed: finished']);
});

/** What Lambda takes of an invocation that is waited for. */
const WIRE_BYTES = 6_291_456;
const overTheWire =
	(onWire: (bytes: number) => void): NonNullable<Parameters<typeof install>[0]['door']> =>
	async (request, ask) => {
		const bytes = Buffer.byteLength(JSON.stringify(request));
		onWire(bytes);
		if (bytes > WIRE_BYTES) throw Object.assign(new Error('413'), { name: 'FunctionUnreachable' });
		return ask(request);
	};

test.for(['letter.send', 'parcel.send'] as const)('ten megabytes, which no wire to a guard takes: %s', async (tool) => {
	const outside = outsideWorld();
	const large = { receipt: 'x'.repeat(10_000_000) };
	if (tool === 'parcel.send') outside.next('parcel', 'dies-after');
	const tools = clerkTools(outside).map((one) => ({
		...one,
		...(tool === 'letter.send' && { run: async () => large }),
		lookup: async () => ({ found: large }),
	}));
	let largest = 0;
	const desk = install({ agent: clerk(outside, { tools }), door: overTheWire((bytes) => (largest = Math.max(largest, bytes))) });
	await desk.run(plans([call(tool)]));
	expect(desk.lines().at(-2)).toBe(`done 1.1 by ${tool === 'letter.send' ? 'tool' : 'target'}: malformed`);
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(largest).toBeLessThan(10_000);
});

test('control: sent as it is, it leaves the step in doubt', async () => {
	const outside = outsideWorld();
	const whole: typeof overTheWire = () => async (request, ask) => {
		const said =
			request.ask === 'report' && request.report.is === 'done' ? { ...request.report, output: 'x'.repeat(10_000_000) } : undefined;
		return overTheWire(() => {})(said && request.ask === 'report' ? { ...request, report: said } : request, ask);
	};
	const desk = install({ agent: clerk(outside), door: whole(() => {}) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().at(-1)).toBe('held 1: doubt');
});

test('of a transaction too', async () => {
	const outside = outsideWorld();
	const writes = [{ table: 'book', key: 'account', add: { posted: 1 } }];
	const tools = clerkTools(outside).map((tool) => ({ ...tool, run: async () => ({ output: { receipt: '\ud83d' }, writes }) }));
	const desk = install({ agent: clerk(outside, { tools }) });
	await desk.run(plans([call('book.post')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'done 1.1 by guard: malformed', 'closed: finished']);
	expect(desk.state.items.get(JSON.stringify(['book', 'account']))).toEqual({ posted: 1 });
});

test('of a lookup too', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const tools = clerkTools(outside).map((tool) => ({ ...tool, lookup: async () => ({ found: { receipt: '\ud83d' } }) }));
	const desk = install({ agent: clerk(outside, { tools }) });
	await desk.run(plans([call('parcel.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'asked about 1.1', 'done 1.1 by target: malformed', 'closed: finished']);
});

test('a fact that no ledger holds is left out, the outcome counts', async () => {
	const outside = outsideWorld();
	const facts = () => [{ type: 'Thing', id: 'it', attributes: { name: '\ud83d' } }];
	const desk = install({ agent: clerk(outside, { otherwise: { facts }, entities: { Thing: { name: 'String' } } }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'done 1.1 by tool', 'closed: finished']);
});

test('more facts than a run remembers: the newest are kept, the outcome counts', async () => {
	const outside = outsideWorld();
	const facts = () =>
		Array.from({ length: 9_000 }, (_, index) => ({ type: 'Thing', id: `${index}`, attributes: { name: 'x'.repeat(400) } }));
	const desk = install({ agent: clerk(outside, { otherwise: { facts }, entities: { Thing: { name: 'String' } } }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'done 1.1 by tool', 'closed: finished']);
	const { state } = await desk.operator.reader.read(RUN);
	expect(state.facts.length).toBeLessThanOrEqual(FACTS_PER_RUN);
	expect(state.facts.at(-1)).toMatchObject({ id: '8999' });
});

test('the planner is told of a result that was kept as it came', async () => {
	const outside = outsideWorld();
	const told: Json[] = [];
	const tools = clerkTools(outside).map((tool) => ({ ...tool, run: async () => ({ something: 'else' }) }));
	const desk = install({
		agent: clerk(outside, {
			tools,
			planner: ({ happened }) => {
				told.push(...happened.flatMap((one) => ('step' in one ? [one.result ?? null] : [])));
				return happened.length > 0 ? { finish: null } : { calls: [call('letter.send')] };
			},
		}),
	});
	await desk.run(null);
	expect(told).toEqual([{ something: 'else' }]);
	expect(z.object({ receipt: z.string() }).safeParse(told[0]).success).toBe(false);
});
