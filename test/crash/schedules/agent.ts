/** An agent with a tool of each effect class and fence, some with a business key; its planner proposes what its task says. */
import * as z from 'zod';
import type { Agent, Json, Tool, ToolContext } from '../../../index.ts';
import { defineAgent, defineTool } from '../../../index.ts';
import { scripted } from '../../doubles/clerk.ts';
import type { ToolSeen } from '../checker/seen.ts';
import type { Sinks } from './sinks.ts';

const input = z.object({ what: z.string(), cents: z.int() });
const output = z.object({ receipt: z.string() });
type Input = z.infer<typeof input>;

export const TIMEOUT_SECONDS = 10;
export const HONOURED_MS = 60_000;
export const VISIBLE_MS = 5_000;

const keyed = { key: ({ what }: Input) => what };
export const keyedTools: readonly string[] = ['pay.send', 'parcel.send', 'letter.send'];
export const toolNames = [
	'file.read',
	'book.post',
	'pay.send',
	'pay.trace',
	'parcel.send',
	'crate.send',
	'letter.send',
	'fax.send',
] as const;
export type ToolName = (typeof toolNames)[number];

/** One agent serves all schedules, since describing its tools costs more than a run does; `at()` are the sinks of the present one. */
function tools(at: () => Sinks): Tool[] {
	const common = (name: ToolName) => ({
		name,
		description: `${name}.`,
		input,
		output,
		timeoutSeconds: TIMEOUT_SECONDS,
		resource: { type: 'Thing', id: ({ what }: Input) => what },
		spend: ({ cents }: Input) => cents,
		run: (given: Input, context: ToolContext) => at().act(name, given as Json, context),
	});
	const lookup = (sink: ToolName) => ({
		lookup: (_given: Input, context: { idempotencyKey: string }) => at().lookUp(sink, context),
		visibleWithinMs: VISIBLE_MS,
	});
	const replay = { effect: 'replay', keyHonouredForMs: HONOURED_MS } as const;
	return [
		defineTool({ ...common('file.read'), effect: 'read' }),
		defineTool({
			...common('book.post'),
			effect: 'transaction',
			tables: ['book'],
			run: async (given, context) => ({
				output: await at().act('book.post', given as Json, context),
				writes: [{ table: 'book', key: given.what, add: { posted: given.cents } }],
			}),
		}),
		defineTool({ ...common('pay.send'), ...keyed, ...replay, fencedBy: 'runtime' }),
		defineTool({ ...common('pay.trace'), ...lookup('pay.trace'), ...replay, fencedBy: 'credentials' }),
		defineTool({ ...common('parcel.send'), ...keyed, ...lookup('parcel.send'), effect: 'lookup', fencedBy: 'credentials' }),
		defineTool({ ...common('crate.send'), ...lookup('crate.send'), effect: 'lookup', fencedBy: 'runtime' }),
		defineTool({ ...common('letter.send'), ...keyed, effect: 'manual', fencedBy: 'runtime' }),
		defineTool({ ...common('fax.send'), effect: 'manual', fencedBy: 'credentials' }),
	];
}

/** What a run may spend; null is no limit. */
export const budgets = [null, 4, 9] as const;
export type SpendBudget = (typeof budgets)[number];

export function agents(at: () => Sinks): ReadonlyMap<SpendBudget, Agent> {
	const made = tools(at);
	return new Map(
		budgets.map((spend) => [
			spend,
			defineAgent({
				name: 'clerk',
				planner: scripted,
				tools: made,
				entities: { Thing: {} },
				policies: {},
				budget: spend === null ? {} : { spend },
			}),
		]),
	);
}

export const toolsSeen = (agent: Agent): ToolSeen[] => [...agent.tools.values()].map(({ name, effect }) => ({ name, effect, sink: name }));
