/**
 * What drives the stock room: a plain program, which may be killed at any moment and started again with the same words.
 * Each delivery's step has the delivery's own number, which is the same after any restart; nothing else is needed so that
 * nothing is booked twice.
 */
import type { Client } from 'throughline/client';
import * as z from 'zod';
import type { Task } from './task.ts';

const memory = z.object({ booked: z.array(z.string()) });
/** `waiting`: start it again once somebody has answered. */
export type Booked = { is: 'booked'; booked: readonly string[] } | { is: 'waiting'; step: number; for: string };

/** @throws Error when the run can't go on: the name is taken, or the run was closed by somebody else */
export async function bookDeliveries(client: Client, run: string, task: Task, say: (line: string) => void): Promise<Booked> {
	const opened = await client.open(run, task);
	if (opened.is !== 'opened' && opened.is !== 'known') throw new Error(`run ${run}: ${JSON.stringify(opened)}`);
	const { booked } = opened.memory === undefined ? { booked: [] } : memory.parse(opened.memory);
	say(`${opened.is}, ${booked.length} of ${task.deliveries.length} remembered`);
	for (const [index, delivery] of task.deliveries.entries()) {
		if (index < booked.length) continue;
		const step = index + 1;
		const call = { tool: 'stock.receive', input: delivery, purpose: `delivery ${step}` };
		const answer = await client.call(run, step, call);
		if (answer.is === 'waiting') return { is: 'waiting', step, for: answer.for };
		if (answer.is === 'diverged' || answer.is === 'refused') throw new Error(`step ${step} of run ${run}: ${JSON.stringify(answer)}`);
		booked.push(`${delivery.item}: ${answer.is === 'done' ? delivery.quantity : `${answer.is}, ${answer.reason}`}`);
		say(`${answer.is} ${step}`);
		const kept = await client.checkpoint(run, { booked });
		if (kept.is !== 'kept') throw new Error(`run ${run} is somebody else's now: ${JSON.stringify(kept)}`);
		say(`remembered ${step}`);
	}
	const closed = await client.close(run, 'all deliveries are booked');
	if (closed.is === 'refused') throw new Error(`run ${run}: ${closed.why}`);
	say('closed');
	return { is: 'booked', booked };
}
