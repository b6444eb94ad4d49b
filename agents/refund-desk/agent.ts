/** The refund desk: settles customers' tickets about orders. @see README.md */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineAgent } from 'throughline';
import { planner } from './planner.ts';
import { ticket } from './ticket.ts';
import { carrierRecall } from './tools/carrier-recall.ts';
import { creditsGrant } from './tools/credits-grant.ts';
import { mailSend } from './tools/mail-send.ts';
import { ordersFind } from './tools/orders-find.ts';
import { paymentsRefund } from './tools/payments-refund.ts';

const POLICIES = join(import.meta.dirname, 'policies');

export default defineAgent({
	name: 'refund-desk',
	planner,
	tools: [ordersFind, paymentsRefund, creditsGrant, carrierRecall, mailSend],
	entities: {
		Order: { customer: 'String', customerFrozen: 'Bool' },
		Customer: { email: 'String', customerFrozen: 'Bool', orders: 'Set' },
		Charge: {
			customer: 'String',
			customerFrozen: 'Bool',
			order: 'String',
			method: 'String',
			amountCents: 'Long',
			remainingCents: 'Long',
			ageDays: 'Long',
		},
		Shipment: { customer: 'String', customerFrozen: 'Bool', order: 'String', status: 'String' },
	},
	policies: Object.fromEntries(
		readdirSync(POLICIES)
			.filter((file) => file.endsWith('.cedar'))
			.sort()
			.map((file) => [basename(file, '.cedar'), readFileSync(join(POLICIES, file), 'utf8')]),
	),
	// Wide enough that a ticket that asks for too much meets a policy with a reason, not the end of a budget. In cents.
	budget: { steps: 20, turns: 10, spend: 100_000 },
	settings: ['ORDERS_URL', 'PAYMENTS_URL', 'CARRIER_URL', 'MAIL_URL'],
	plannerTimeoutSeconds: 5,
	task: ticket,
});
