/** An agent of one tool, one call a plan, as steps are that cost the least, and two kinds that cost more. */
import { type Agent, defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

export const kinds = ['plain', 'keyed', 'large'] as const;
export type Kind = (typeof kinds)[number];
export const STEPS = 1_000;
/** Above the 4 KB that stand in an entry. */
const LARGE_CHARACTERS = 20_000;
/** A checkpoint with memory comes along with every so many plans. */
const STEPS_PER_MEMORY = 12;
const counted = z.int().catch(0);

export function stepsAgent(kind: Kind): Agent {
	const tool = defineTool({
		name: 'refund.send',
		description: 'Sends a refund.',
		effect: 'replay',
		keyHonouredForMs: 86_400_000,
		fencedBy: 'runtime',
		input: z.object({ order: z.string(), cents: z.int() }),
		output: z.object({ receipt: z.string() }),
		timeoutSeconds: 30,
		resource: { type: 'Order', id: ({ order }) => order },
		...(kind === 'keyed' && { key: ({ order }: { order: string }) => order }),
		run: async ({ order }) => ({ receipt: `receipt-of-${order}`.padEnd(kind === 'large' ? LARGE_CHARACTERS : 40, '.') }),
	});
	return defineAgent({
		name: 'refund-desk',
		tools: [tool],
		entities: { Order: {} },
		policies: { 'refund-freely': 'permit(principal, action == Action::"refund.send", resource);' },
		budget: { steps: 100_000, turns: 200_000 },
		task: z.object({ steps: z.int().min(1) }),
		planner: ({ task, memory, happened }) => {
			const done = counted.parse(memory) + happened.length;
			if (done >= Object(task).steps) return { finish: { done } };
			const input = { order: `order-${String(done).padStart(6, '0')}`, cents: 4_200 };
			const call = { tool: 'refund.send', input, purpose: 'the parcel arrived broken, as the customer wrote' };
			return happened.length >= STEPS_PER_MEMORY ? { calls: [call], memory: done } : { calls: [call] };
		},
	});
}
