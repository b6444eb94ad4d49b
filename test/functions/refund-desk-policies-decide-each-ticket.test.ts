/** Each ticket of the example, planner and policies together: what is proposed, and what becomes of it. */
import { expect, test } from 'vitest';
import { factsAfterReading, guardAsks } from './refund-desk-guard.ts';
import { asFound, goesWell, play, tickets } from './refund-desk-play.ts';

const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	't-01-small-refund': { 'payments.refund': 'allow', 'mail.send': 'allow' },
	't-02-needs-approval': { 'payments.refund': 'ask', 'mail.send': 'allow' },
	't-03-gift-card': { 'payments.refund': 'deny', 'mail.send': 'allow' },
	't-04-ignore-your-rules': { 'payments.refund': 'deny', 'mail.send': 'allow' },
	't-05-lamp-by-mail': { 'payments.refund': 'allow', 'mail.send': 'allow' },
	// No policy stops it: 20.00 of 64.00 has been paid back. The claim on the charge does.
	't-06-lamp-by-phone': { 'payments.refund': 'allow', 'mail.send': 'allow' },
	't-07-all-at-once': { 'payments.refund': 'allow', 'credits.grant': 'allow', 'carrier.recall': 'allow', 'mail.send': 'allow' },
	't-08-frozen-customer': { 'payments.refund': 'deny', 'credits.grant': 'deny', 'mail.send': 'deny' },
	't-09-recall': { 'carrier.recall': 'allow', 'mail.send': 'allow' },
	't-10-too-old': { 'payments.refund': 'deny', 'mail.send': 'allow' },
	't-11-answer-elsewhere': { 'payments.refund': 'allow', 'mail.send': 'deny' },
};

test('every ticket has its expectation', () => {
	expect(tickets.map(({ id }) => id)).toEqual(Object.keys(expected));
});

test.for(tickets)('$id', async (ticket) => {
	const order = asFound(ticket.order);
	// What went before: the lamp has been paid back once.
	if (ticket.id === 't-06-lamp-by-phone') for (const charge of order.charges) charge.remainingCents -= 2000;
	const verdicts = new Map<string, string>();
	await play(ticket, (call) => {
		if (call.tool === 'orders.find') return { ended: 'done', result: order };
		const { verdict } = guardAsks(call, factsAfterReading(order));
		verdicts.set(call.tool, verdict);
		return verdict === 'deny' ? { ended: 'denied', reason: 'policy' } : goesWell(call);
	});
	expect(Object.fromEntries(verdicts)).toEqual(expected[ticket.id]);
});

test('the two tickets about one lamp name one business key', async () => {
	const refunds = await Promise.all(
		tickets
			.filter(({ order }) => order === 'o_1005')
			.map(async (ticket) => (await play(ticket, goesWell)).calls.find(({ tool }) => tool === 'payments.refund')),
	);
	expect(refunds.map((call) => call?.input)).toMatchObject([{ charge: 'ch_1005' }, { charge: 'ch_1005' }]);
});
