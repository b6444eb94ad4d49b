/** Plays a ticket against the planner as the engine would, with ends that a test decides on. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { planner } from '../../agents/refund-desk/planner.ts';
import { ticket } from '../../agents/refund-desk/ticket.ts';
import { type FoundOrder, foundOrder } from '../../agents/refund-desk/tools/orders-find.ts';
import { readSeed } from '../../agents/refund-desk/world/seed.ts';
import type { Call, Happened, Json, Plan } from '../../index.ts';

const ROOT = new URL('../../agents/refund-desk/', import.meta.url);
const TURNS = 10;

export const tickets = z.array(ticket).parse(JSON.parse(readFileSync(new URL('tickets.json', ROOT), 'utf8')));
export const seed = readSeed(new URL('world/seed.json', ROOT).pathname);

export type Step = Extract<Happened, { step: number }>;
export type Ending = { ended: Step['ended']; result?: Json; reason?: string };

/** How the engine keeps memory: as every plan gives it, or (a crash in between) not at all. */
export type Keeping = 'kept' | 'lost';

export type Played = { plans: Plan[]; calls: Call[]; steps: Step[]; finish: Json };

export async function play(task: unknown, end: (call: Call) => Ending, keeping: Keeping = 'kept'): Promise<Played> {
	const plans: Plan[] = [];
	const calls: Call[] = [];
	const steps: Step[] = [];
	let memory: Json | undefined;
	let happened: Happened[] = [];
	for (let turn = 0; turn < TURNS; turn += 1) {
		const plan = await ask({ task, memory, happened, turnsLeft: TURNS - turn });
		plans.push(plan);
		if ('finish' in plan) return { plans, calls, steps, finish: plan.finish };
		if (!('calls' in plan)) throw new Error('this planner always asks for something');
		const ends = plan.calls.map((call, index) => asStep(call, steps.length + index + 1, end(call)));
		if (keeping === 'kept') [memory, happened] = [plan.memory, []];
		calls.push(...plan.calls);
		steps.push(...ends);
		happened = [...happened, ...ends];
	}
	throw new Error(`no finish within ${TURNS} turns`);
}

export function ask(at: {
	task: unknown;
	memory: Json | undefined;
	happened: readonly Happened[];
	turnsLeft?: number;
}): Plan | Promise<Plan> {
	return planner({
		run: 'run-1',
		task: z.json().parse(at.task),
		memory: at.memory,
		happened: at.happened,
		left: { steps: 20, turns: at.turnsLeft ?? TURNS, spend: 100_000 },
		tools: [],
		settings: {},
	});
}

/** What each tool answers when all goes well. */
export function goesWell(call: Call): Ending {
	const input = z.record(z.string(), z.json()).parse(call.input);
	switch (call.tool) {
		case 'orders.find':
			return { ended: 'done', result: asFound(String(input.order)) };
		case 'payments.refund':
			return { ended: 'done', result: { refund: 're_1', charge: input.charge ?? null, amountCents: input.amountCents ?? null } };
		case 'credits.grant':
			return { ended: 'done', result: { grant: 'grant#k', amountCents: input.amountCents ?? null } };
		case 'carrier.recall':
			return { ended: 'done', result: { recall: 'rc_1', tracking: input.tracking ?? null } };
		default:
			return { ended: 'done', result: { message: 'msg_1' } };
	}
}

/** The order as `orders.find` answers it on the first day. */
export function asFound(name: string): FoundOrder {
	const order = seed.orders.find(({ id }) => id === name);
	if (!order) throw new Error(`no order ${name} in the seed`);
	const charges = order.charges.map(({ chargedDaysAgo, ...charge }) => ({
		...charge,
		remainingCents: charge.amountCents,
		ageDays: chargedDaysAgo,
	}));
	return foundOrder.parse({ ...order, charges });
}

function asStep(call: Call, step: number, ending: Ending): Step {
	const by = ending.ended === 'denied' ? 'guard' : 'tool';
	return { step, tool: call.tool, input: z.json().parse(call.input), purpose: call.purpose, by, ...ending };
}
