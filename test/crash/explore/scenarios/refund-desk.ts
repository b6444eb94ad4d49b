/** The refund desk's tickets, with its own planner, tools and policies: approvals, freezes, budgets, claims, a stop. */
import { readFileSync } from 'node:fs';
import { cedarPolicies } from '../../../../adapters/cedar/cedar-policies.ts';
import refundDesk from '../../../../agents/refund-desk/agent.ts';
import { letter } from '../../../../agents/refund-desk/letter.ts';
import { creditAsked, refundAsked } from '../../../../agents/refund-desk/reading.ts';
import { type Ticket, ticket } from '../../../../agents/refund-desk/ticket.ts';
import type { Agent } from '../../../../core/agent/agent.ts';
import type { Json } from '../../../../core/ids.ts';
import type { Wanted } from '../../checker/seen.ts';
import { decidingOnce } from '../../remember/policies.ts';
import { installationOf } from '../../world/installation.ts';
import type { Operation, Scenario } from '../../world/scenario.ts';
import type { World } from '../../world/world.ts';
import { operated, undisturbed } from './clerk.ts';
import type { Listed } from './listed.ts';
import { frozenAndThawed, stop } from './operations.ts';
import { overheard, refundTargets, seed, serveRefundDesk, settings } from './refund-services.ts';

const tickets = ticket
	.array()
	.parse(JSON.parse(readFileSync(new URL('../../../../agents/refund-desk/tickets.json', import.meta.url), 'utf8')));
const toolOf = { refund: 'payments.refund', credit: 'credits.grant', recall: 'carrier.recall' } as const;
const sinks = {
	'orders.find': 'orders',
	'payments.refund': 'payments',
	'credits.grant': 'credits',
	'carrier.recall': 'carrier',
	'mail.send': 'mail',
};

type Desk = Partial<Pick<Scenario, 'answers' | 'orders' | 'operations'>> & {
	readonly tickets: readonly string[];
	readonly budget?: Partial<Agent['budget']>;
	/** Goes on undisturbed until then: what comes before is explored elsewhere. */
	readonly until?: (world: World) => boolean;
};

function desk(name: string, { tickets: ids, budget, until, ...rest }: Desk): Scenario {
	serveRefundDesk();
	const agent: Agent = { ...overheard(refundDesk), budget: { ...refundDesk.budget, ...budget } };
	const policies = decidingOnce(cedarPolicies({ agent: refundDesk }));
	const chosen = ids.map(ticketNamed);
	const taskOf = (task: Ticket): Json => JSON.parse(JSON.stringify(task));
	const opening = chosen.map(
		(task): Operation => ({
			name: `open ${task.id}`,
			asks: { function: 'open', event: { run: task.id, task: taskOf(task) } },
			run: task.id,
			when: 'any',
			starts: 'first',
		}),
	);
	const scenario: Scenario = {
		answers: ({ for: asks }) => (asks === 'doubt' ? 'look' : undefined),
		...rest,
		name,
		agent,
		policies,
		targets: refundTargets,
		installation: installationOf(agent, policies, { settings }),
		runs: chosen.map(({ id }) => id),
		sinks,
		wanted: chosen.map((task) => ({ run: task.id, task: taskOf(task), wanted: wantedOf(task) })),
		begin: async () => {
			const opened = await operated({ ...scenario, operations: opening });
			return until ? undisturbed(scenario, opened, until) : opened;
		},
	};
	return scenario;
}

function ticketNamed(name: string): Ticket {
	const found = tickets.find(({ id }) => id.startsWith(name));
	if (!found) throw new Error(`there is no ticket ${name}`);
	return found;
}

/** What a ticket asks for as the business sees it: each thing once, and one mail that says what became of them. */
function wantedOf(task: Ticket): Wanted[] {
	const order = seed.orders.find(({ id }) => id === task.order);
	const [charge] = order?.charges ?? [];
	if (!order || !charge) throw new Error(`there is no order ${task.order}`);
	const refundCents = refundAsked(task.text) ?? charge.amountCents;
	const creditCents = creditAsked(task.text) ?? 500;
	const customer = order.customer.id;
	const credit = { customer, order: order.id, amountCents: creditCents, reason: `ticket ${task.id}` };
	const acts: Wanted[] = [
		{
			tool: 'payments.refund',
			input: { charge: charge.id, amountCents: refundCents, reason: `ticket ${task.id}` },
			key: charge.id,
			spend: refundCents,
		},
		{
			tool: 'credits.grant',
			input: credit,
			key: order.id,
			adds: { table: 'credits', key: customer, attribute: 'cents', amount: creditCents },
		},
		{ tool: 'carrier.recall', input: { tracking: order.shipment?.tracking ?? '' }, key: order.shipment?.tracking ?? '' },
	];
	const asked = acts.filter(({ tool }) => task.wants.some((want) => toolOf[want] === tool));
	return [{ tool: 'orders.find', input: { order: task.order } }, ...asked, ...mails(task, asked, order)];
}

/** Every letter that could be the true one; one of them goes out. */
function mails(task: Ticket, acts: readonly Wanted[], { id, customer }: (typeof seed.orders)[number]): Wanted[] {
	return Array.from({ length: 2 ** acts.length }, (_, set) => {
		const done = acts.filter((_act, index) => (set >> index) % 2 === 1).map(({ tool }) => tool);
		const ends = acts.map(
			({ tool, input }, index) => ({ step: index + 2, tool, input, ended: done.includes(tool) ? 'done' : 'failed' }) as const,
		);
		const body = letter({ name: customer.name, order: id, wanted: task, progress: { ends, refused: [] } });
		const input = { customer: customer.id, to: task.email ?? customer.email, subject: `Your order ${id}`, body };
		return { tool: 'mail.send', input, key: `mail ${task.id}` };
	});
}

const entriesOf = (world: World, run: string): number => world.state.chains.get(run)?.length ?? 0;
/** The order was read; what it led to is planned and not yet begun. */
const hasPlanned = (run: string) => (world: World) => entriesOf(world, run) >= 7;

/** In its last turn the planner finishes, so that no mail follows: that is explored with the small refund. */
const withoutMail = { turns: 3 };

export const refundTickets: readonly Listed[] = [
	{
		name: 'refund-desk: a small refund',
		thousands: 54,
		make: (name) => desk(name, { tickets: ['t-01'] }),
	},
	{
		name: 'refund-desk: a refund is approved',
		make: (name) =>
			desk(name, {
				tickets: ['t-02'],
				budget: withoutMail,
				answers: ({ for: asks }) => (asks === 'approval' ? 'approve' : 'look'),
				until: hasPlanned('t-02-needs-approval'),
			}),
	},
	{
		name: 'refund-desk: a refund is refused',
		make: (name) =>
			desk(name, {
				tickets: ['t-02'],
				budget: withoutMail,
				answers: ({ for: asks }) => (asks === 'approval' ? 'refuse' : 'look'),
				until: hasPlanned('t-02-needs-approval'),
			}),
	},
	{
		name: 'refund-desk: nobody approves',
		make: (name) => desk(name, { tickets: ['t-02'], until: hasPlanned('t-02-needs-approval') }),
	},
	{
		name: 'refund-desk: all at once',
		thousands: 85,
		make: (name) => desk(name, { tickets: ['t-07'], until: hasPlanned('t-07-all-at-once') }),
	},
	{
		name: 'refund-desk: two tickets on one charge',
		thousands: 62,
		make: (name) =>
			desk(name, {
				tickets: ['t-05', 't-06'],
				orders: 'in line',
				until: (world) => ['t-05-lamp-by-mail', 't-06-lamp-by-phone'].every((run) => hasPlanned(run)(world)),
			}),
	},
	{ name: 'refund-desk: a frozen customer', thousands: 58, make: (name) => desk(name, { tickets: ['t-08'] }) },
	{
		name: 'refund-desk: frozen and thawed during a recall',
		thousands: 185,
		make: (name) =>
			desk(name, { tickets: ['t-09'], operations: frozenAndThawed('t-09-recall', 't-09-recall'), until: hasPlanned('t-09-recall') }),
	},
	{
		name: 'refund-desk: stopped during a refund',
		thousands: 62,
		make: (name) =>
			desk(name, { tickets: ['t-01'], operations: [stop('any', { run: 't-01-small-refund' })], until: hasPlanned('t-01-small-refund') }),
	},
	{
		name: 'refund-desk: the budget is used up',
		make: (name) => desk(name, { tickets: ['t-01'], budget: { ...withoutMail, spend: 1_000 }, until: hasPlanned('t-01-small-refund') }),
	},
];
