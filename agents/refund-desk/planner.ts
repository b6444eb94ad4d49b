/**
 * Plans one ticket: find the order, then refund, credit and recall in one plan, then mail what was really done, then finish.
 *
 * A model call would stand here. These rules stand in for it, so that the example runs offline and does the same every
 * time. Like a model, the planner is the part that nobody trusts: it believes what the ticket says, "ignore your rules"
 * included, and proposes it. What stops that are the policies, which it never sees.
 *
 * It holds no state. `task`, `memory` and `happened` alone decide its answer, and every answer but a finish asks for
 * something that has not ended yet, so it cannot go round in circles.
 */
import type { Call, Plan, Planner } from 'throughline';
import { letter, type Summary, summarise } from './letter.ts';
import { endOf, foldProgress, type Progress, toJson } from './progress.ts';
import { creditAsked, euros, refundAsked } from './reading.ts';
import { type Ticket, ticket } from './ticket.ts';
import { type FoundOrder, foundOrder } from './tools/orders-find.ts';

const USUAL_CREDIT_CENTS = 500;
const ACTS: readonly string[] = ['payments.refund', 'credits.grant', 'carrier.recall'];

export const planner: Planner = (situation) => {
	const wanted = ticket.parse(situation.task);
	const progress = foldProgress(situation.memory, situation.happened);
	const finish = (because: string) => finishWith(summarise(wanted, progress, because), because);
	const ask = (calls: readonly Call[], reason: string) => askFor({ calls, reason, wanted, progress });

	const refused = progress.refused.at(-1);
	if (refused !== undefined) return finish(`the plan was refused: ${refused}`);
	// The last turn is for saying how far we came.
	if (situation.left.turns <= 1) return finish('out of turns');

	const looked = endOf(progress, 'orders.find');
	if (!looked) {
		return ask(
			[{ tool: 'orders.find', input: { order: wanted.order }, purpose: `look at what ticket ${wanted.id} is about` }],
			'read the order first',
		);
	}
	if (looked.ended !== 'done') return finish(`the order could not be read: ${looked.reason ?? looked.ended}`);
	const order = foundOrder.safeParse(looked.result);
	if (!order.success) return finish('the order was read, but its record is missing or unreadable');

	const acts = actsFor(wanted, order.data);
	// One intent holds them all: where one of them has ended, all were proposed, and a missing end is not a reason to try again.
	const acted = progress.ends.some(({ tool }) => ACTS.includes(tool));
	if (acts.length > 0 && !acted) return ask(acts, 'do what the ticket asks for');

	if (!endOf(progress, 'mail.send')) return ask([mailTo(wanted, order.data, progress)], 'tell the customer what was done');
	return finish('every step has ended');
};

/** Everything the ticket wants and the order has something for. */
function actsFor(wanted: Ticket, order: FoundOrder): Call[] {
	const charge = order.charges[0];
	const calls: Call[] = [];
	if (wanted.wants.includes('refund') && charge) {
		const amountCents = refundAsked(wanted.text) ?? (charge.remainingCents || charge.amountCents);
		calls.push({
			tool: 'payments.refund',
			input: { charge: charge.id, amountCents, reason: `ticket ${wanted.id}` },
			purpose: `pay back ${euros(amountCents)}, as the ticket asks`,
		});
	}
	if (wanted.wants.includes('credit')) {
		const amountCents = creditAsked(wanted.text) ?? USUAL_CREDIT_CENTS;
		calls.push({
			tool: 'credits.grant',
			input: { customer: order.customer.id, order: order.id, amountCents, reason: `ticket ${wanted.id}` },
			purpose: `${euros(amountCents)} store credit for the trouble`,
		});
	}
	if (wanted.wants.includes('recall') && order.shipment) {
		calls.push({ tool: 'carrier.recall', input: { tracking: order.shipment.tracking }, purpose: 'bring the parcel back' });
	}
	return calls;
}

function mailTo(wanted: Ticket, { id, customer }: FoundOrder, progress: Progress): Call {
	return {
		tool: 'mail.send',
		input: {
			customer: customer.id,
			to: wanted.email ?? customer.email,
			subject: `Your order ${id}`,
			body: letter({ name: customer.name, order: id, wanted, progress }),
		},
		purpose: 'tell the customer what was done',
	};
}

/** The rules are named as a model would be, so that the evidence shows what led to each plan. */
function askFor({ calls, reason, wanted, progress }: { calls: readonly Call[]; reason: string; wanted: Ticket; progress: Progress }): Plan {
	const prompt = JSON.stringify({ ticket: wanted, progress: toJson(progress) });
	return {
		calls,
		memory: toJson(progress),
		reason,
		model: { name: 'refund-desk rules, no model', inputTokens: 0, outputTokens: 0, prompt, answer: JSON.stringify(calls) },
	};
}

function finishWith(summary: Summary, reason: string): Plan {
	return { finish: summary, reason };
}
