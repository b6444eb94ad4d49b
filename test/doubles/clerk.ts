/** An agent with a tool of each effect class, whose planner proposes what its task says, one plan after another. */
import * as z from 'zod';
import type { Agent, AgentSpec, Json, Planner, Tool, ToolContext } from '../../index.ts';
import { defineAgent, defineTool } from '../../index.ts';
import type { Outside } from './outside.ts';

const input = z.object({ what: z.string(), cents: z.int().optional() });
const output = z.object({ receipt: z.string() });
export type Input = z.infer<typeof input>;

/** What every tool here shares; `HONOURED_MS` and `VISIBLE_MS` are what the two that declare a time declare. */
export const TIMEOUT_SECONDS = 10;
export const HONOURED_MS = 120_000;
export const VISIBLE_MS = 5_000;

/** What a test may say otherwise of every tool. */
export type Otherwise = {
	key?: (given: Input) => string;
	spend?: (given: Input) => number;
	access?: (given: Input) => { actions: string[]; resources: string[] }[];
	facts?: (said: z.infer<typeof output>, given: Input) => { type: string; id: string; attributes: { [name: string]: string } }[];
};

/** `file.read` read, `book.post` transaction, `pay.send` replay, `pay.trace` replay with lookup, `parcel.send` lookup, `letter.send` manual. */
export function clerkTools(outside: Outside, otherwise: Otherwise = {}): Tool[] {
	const act = (sink: string) => (given: Input, context: ToolContext) => outside.act(sink, given as Json, context);
	const common = (name: string) => ({
		name,
		description: `${name}.`,
		input,
		output,
		timeoutSeconds: TIMEOUT_SECONDS,
		resource: { type: 'Thing', id: ({ what }: Input) => what },
		...otherwise,
	});
	const lookup = (sink: string) => ({
		lookup: (_given: Input, context: { idempotencyKey: string }) => outside.lookUp(sink, context),
		visibleWithinMs: VISIBLE_MS,
	});
	return [
		defineTool({ ...common('file.read'), effect: 'read', run: act('file') }),
		defineTool({
			...common('book.post'),
			effect: 'transaction',
			tables: ['book'],
			run: async (given, context) => ({
				output: await outside.act('draft', given as Json, context),
				writes: [{ table: 'book', key: given.what, add: { posted: given.cents ?? 1 } }],
			}),
		}),
		defineTool({ ...common('pay.send'), effect: 'replay', keyHonouredForMs: HONOURED_MS, fencedBy: 'runtime', run: act('pay') }),
		defineTool({
			...common('pay.trace'),
			...lookup('trace'),
			effect: 'replay',
			keyHonouredForMs: HONOURED_MS,
			fencedBy: 'runtime',
			run: act('trace'),
		}),
		defineTool({ ...common('parcel.send'), ...lookup('parcel'), effect: 'lookup', fencedBy: 'credentials', run: act('parcel') }),
		defineTool({ ...common('letter.send'), effect: 'manual', fencedBy: 'runtime', run: act('letter') }),
	];
}

const callShape = z.object({ tool: z.string(), input: z.json(), purpose: z.string() });
const scriptShape = z.object({ plans: z.array(z.array(callShape)) });

/** A call of `tool` about `what`. */
export const call = (tool: string, what = 'it', cents?: number) => ({
	tool,
	input: { what, ...(cents !== undefined && { cents }) },
	purpose: `${tool} ${what}`,
});
/** The task that has these plans proposed. */
export const plans = (...proposed: ReturnType<typeof call>[][]): Json => ({ plans: proposed });

/** Where the calls of each tool arrive. */
export const sinks = {
	'file.read': 'file',
	'book.post': 'draft',
	'pay.send': 'pay',
	'pay.trace': 'trace',
	'parcel.send': 'parcel',
	'letter.send': 'letter',
} as const;

/** What a task asks of the world, whoever carries it out. */
export type Asked = {
	readonly tool: string;
	readonly input: Json;
	readonly adds?: { readonly table: string; readonly key: string; readonly attribute: string; readonly amount: number };
};
export const askedBy = (task: Json): Asked[] =>
	scriptShape.parse(task).plans.flatMap((proposed) =>
		proposed.map(({ tool, input: given }) => {
			const { what, cents } = input.parse(given);
			const adds = { table: 'book', key: what, attribute: 'posted', amount: cents ?? 1 };
			return { tool, input: given as Json, ...(tool === 'book.post' && { adds }) };
		}),
	);

/** It is asked only when all it has proposed has ended, so what happened tells it where it is. */
export const scripted: Planner = ({ task, happened }) => {
	let ended = happened.filter((one) => 'step' in one).length;
	for (const proposed of scriptShape.parse(task).plans) {
		if (ended < proposed.length || (ended === 0 && proposed.length > 0)) return { calls: proposed };
		ended -= proposed.length;
	}
	return { finish: happened.map((one) => ('step' in one ? one.ended : 'refused')) };
};

export function clerk(outside: Outside, { otherwise, ...spec }: Partial<AgentSpec> & { otherwise?: Otherwise } = {}): Agent {
	return defineAgent({
		name: 'clerk',
		planner: scripted,
		tools: clerkTools(outside, otherwise),
		entities: { Thing: {} },
		policies: {},
		...spec,
	});
}
