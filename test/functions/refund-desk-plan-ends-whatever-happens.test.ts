/** Denied, failed, unreadable, refused as a whole: every run comes to a finish that says what was done and what was not (S5). */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import type { Call } from '../../index.ts';
import { ask, type Ending, goesWell, play, tickets } from './refund-desk-play.ts';

const allAtOnce = tickets.find(({ id }) => id === 't-07-all-at-once') ?? tickets[0];
if (!allAtOnce) throw new Error('no tickets');
const ticket = allAtOnce;

const except = (tool: string, ending: Ending) => (call: Call) => (call.tool === tool ? ending : goesWell(call));
const denied: Ending = { ended: 'denied', reason: 'forbidden by frozen-customer-blocks-effects' };

test('a denied refund is told to the customer as not made, and the rest as done', async () => {
	const { calls, finish } = await play(ticket, except('payments.refund', denied));
	const mail = calls.at(-1);
	expect(mail?.tool).toBe('mail.send');
	expect(JSON.stringify(mail?.input)).toContain('could not make this refund');
	expect(JSON.stringify(mail?.input)).not.toContain('We have refunded');
	expect(JSON.stringify(mail?.input)).not.toContain('frozen-customer');
	expect(JSON.stringify(mail?.input)).toContain('store credit of 5.00 EUR');
	expect(finish).toMatchObject({ outcome: 'partly done', done: ['credit 5.00 EUR', 'recall'], mailed: true });
	expect(finish).toMatchObject({ notDone: ['refund 39.90 EUR: denied (forbidden by frozen-customer-blocks-effects)'] });
});

test('a refund that failed is not tried again', async () => {
	const { calls, finish } = await play(ticket, except('payments.refund', { ended: 'failed', reason: 'payments answered 422' }));
	expect(calls.filter(({ tool }) => tool === 'payments.refund')).toHaveLength(1);
	expect(finish).toMatchObject({ outcome: 'partly done', mailed: true });
});

test('a refund that a person settled without a result counts as done, for the amount that was recorded', async () => {
	const { calls, finish } = await play(ticket, except('payments.refund', { ended: 'done' }));
	expect(JSON.stringify(calls.at(-1)?.input)).toContain('We have refunded 39.90 EUR');
	expect(finish).toMatchObject({ outcome: 'all done' });
});

test.for([
	['denied', denied],
	['failed', { ended: 'failed', reason: 'there is no order o_1006' }],
	['done without a result', { ended: 'done' }],
	['done with something else', { ended: 'done', result: { order: 7 } }],
] satisfies [string, Ending][])('an order that was %s ends the run with nothing done and nobody mailed', async ([, ending]) => {
	const { calls, finish } = await play(ticket, except('orders.find', ending));
	expect(calls.map(({ tool }) => tool)).toEqual(['orders.find']);
	expect(finish).toMatchObject({ outcome: 'nothing done', mailed: false });
});

test('a mail that was not sent is left to people', async () => {
	const { finish } = await play(ticket, except('mail.send', denied));
	expect(finish).toMatchObject({ outcome: 'all done', mailed: false });
	expect(JSON.stringify(finish)).toContain('mail: denied');
});

test('a plan that was refused as a whole is not proposed again', async () => {
	expect(await ask({ task: ticket, memory: undefined, happened: [{ refusedPlan: 'too many calls' }] })).toMatchObject({
		finish: { because: 'the plan was refused: too many calls', outcome: 'nothing done' },
	});
});

test('an end that is missing beside others is reported, not tried again', async () => {
	const { steps } = await play(ticket, goesWell);
	const happened = steps.filter(({ tool }) => tool === 'orders.find' || tool === 'carrier.recall');
	const next = await ask({ task: ticket, memory: undefined, happened });
	expect(next).toMatchObject({ calls: [{ tool: 'mail.send' }] });
	const mailed = steps.filter(({ tool }) => tool === 'mail.send');
	expect(await ask({ task: ticket, memory: undefined, happened: [...happened, ...mailed] })).toMatchObject({
		finish: { notDone: ['refund: never tried, or no record of it', 'credit: never tried, or no record of it'] },
	});
});

test('the last turn is a finish', async () => {
	expect(await ask({ task: ticket, memory: undefined, happened: [], turnsLeft: 1 })).toMatchObject({ finish: { because: 'out of turns' } });
});

const ending: fc.Arbitrary<Ending> = fc.oneof(
	fc.record({ ended: fc.constantFrom('done', 'failed', 'denied') }),
	fc.record({ ended: fc.constant('done'), result: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))) }),
);
property.prop([fc.constantFrom(...tickets), fc.array(fc.option(ending), { minLength: 5, maxLength: 5 })])(
	'whatever the ends, a run has at most one step a tool and a finish',
	async (anyTicket, endings) => {
		let turn = 0;
		const { calls } = await play(anyTicket, (call) => endings[turn++] ?? goesWell(call));
		expect(new Set(calls.map(({ tool }) => tool)).size).toBe(calls.length);
	},
);
