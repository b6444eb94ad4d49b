/** The smallest agent that does real steps: an unkeyed call with small content, one after another, and memory now and then. */
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const count = defineTool({
	name: 'count.up',
	description: 'Answers the number after this one.',
	effect: 'read',
	input: z.object({ number: z.int() }),
	output: z.object({ number: z.int() }),
	timeoutSeconds: 30,
	resource: { type: 'Counter', id: () => 'counter' },
	run: async ({ number }) => ({ number: number + 1 }),
});

/** A checkpoint with memory comes along with every so many plans: three entries a step, well below fifty. */
const STEPS_PER_MEMORY = 12;
const task = z.object({ steps: z.int().min(1) });
const counted = z.int().catch(0);

export default defineAgent({
	name: 'counter',
	tools: [count],
	entities: { Counter: {} },
	policies: { 'count-freely': 'permit(principal, action == Action::"count.up", resource);' },
	budget: { steps: 100_000, turns: 200_000 },
	task,
	planner: ({ task: given, memory, happened }) => {
		const known = counted.parse(memory);
		const done = known + happened.length;
		if (done >= task.parse(given).steps) return { finish: { counted: done } };
		const call = { tool: 'count.up', input: { number: done }, purpose: 'to count' };
		return happened.length >= STEPS_PER_MEMORY ? { calls: [call], memory: done } : { calls: [call] };
	},
});
