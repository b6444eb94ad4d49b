/**
 * The stock room: an agent without a planner. Whoever drives it decides by itself what comes next, in a process of its own
 * anywhere, and makes its calls through a client. @see README.md
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';
import { task } from './task.ts';

const PIECE_MS = 5;
const LONGEST_COUNT_MS = 1_000;

const receive = defineTool({
	name: 'stock.receive',
	description: 'Books a delivery into the stock of one item.',
	effect: 'transaction',
	tables: ['stock'],
	input: z.strictObject({ item: z.string().min(1).max(40), quantity: z.int().min(1).max(100_000) }),
	output: z.object({ item: z.string(), booked: z.int() }),
	timeoutSeconds: 10,
	resource: { type: 'Item', id: ({ item }) => item },
	run: async ({ item, quantity }, { signal }) => {
		// Somebody counts what has arrived, which takes a while; nothing is booked before.
		await sleep(Math.min(quantity * PIECE_MS, LONGEST_COUNT_MS), undefined, { signal });
		return { output: { item, booked: quantity }, writes: [{ table: 'stock', key: item, add: { quantity } }] };
	},
});

export default defineAgent({
	name: 'stock-room',
	tools: [receive],
	entities: { Item: {} },
	policies: {
		'book-up-to-a-hundred': 'permit (principal, action == Action::"stock.receive", resource) when { context.input.quantity <= 100 };',
		'book-more-with-approval': 'permit (principal, action == Action::"stock.receive", resource) when { context.approved };',
	},
	task,
});
