/** The agent of one scenario: one tool of one effect class, a planner that plans once and then finishes, policies as the model has them. */
import * as z from 'zod';
import { type Agent, defineAgent } from '../../../core/agent/agent.ts';
import { defineTool, type Tool } from '../../../core/agent/tool.ts';
import { epochMs } from '../../../core/ids.ts';
import { canonical, NO_HASH, sha256 } from '../../../core/ledger/chain.ts';
import { seal } from '../../../core/ledger/content.ts';
import { type Entry, entry as entryShape } from '../../../core/ledger/entry.ts';
import type { Policies } from '../../../core/ports.ts';
import { add, type Ledger, NOW } from './ledger.ts';
import { HONOURED_SECONDS, type PolicyMode, type Scenario, TIMEOUT_SECONDS, VISIBLE_SECONDS } from './settings.ts';

export type Desk = { readonly agent: Agent; readonly tool: Tool; readonly policies: (mode: () => PolicyMode) => Policies };

const STEPS = 8;
const TURNS = 8;

export function deskOf(scenario: Scenario): Desk {
	const tool = toolOf(scenario);
	const calls = Array.from({ length: scenario.calls }, () => ({ tool: tool.name, input: {}, purpose: 'once' }));
	const agent = defineAgent({
		name: 'desk',
		tools: [tool],
		entities: { Thing: {} },
		policies: {},
		budget: { steps: STEPS, turns: TURNS, ...(scenario.budget !== null && { spend: scenario.budget }) },
		// What was proposed once is recorded; a planner that reads the ledger sees that.
		planner: ({ left }) => (left.steps === STEPS ? { calls, ...(scenario.remembers && { memory: { asked: true } }) } : { finish: 'done' }),
	});
	return { agent, tool, policies };
}

function toolOf({ effect, canLookUp, fencedBy, keyed, spend }: Scenario): Tool {
	const lookup = canLookUp ? { lookup: async () => ({ absent: true as const }), visibleWithinMs: VISIBLE_SECONDS * 1000 } : {};
	const common = {
		name: 'act',
		description: 'acts',
		input: z.object({}),
		output: z.json(),
		timeoutSeconds: TIMEOUT_SECONDS,
		resource: { type: 'Thing', id: () => 'one' },
		...(keyed && { key: () => 'one' }),
		...(spend > 0 && { spend: () => spend }),
	};
	const run = async () => null;
	switch (effect) {
		case 'read':
			return defineTool({ ...common, effect, run });
		case 'transaction':
			return defineTool({ ...common, effect, tables: ['things'], run: async () => ({ output: null, writes: [] }) });
		case 'replay':
			return defineTool({ ...common, effect, keyHonouredForMs: HONOURED_SECONDS * 1000, fencedBy, run, ...lookup });
		case 'lookup':
			return defineTool({
				...common,
				effect,
				fencedBy,
				run,
				lookup: async () => ({ absent: true }),
				visibleWithinMs: VISIBLE_SECONDS * 1000,
			});
		case 'manual':
			return defineTool({ ...common, effect, fencedBy, run });
	}
}

const policies = (mode: () => PolicyMode): Policies => ({
	digest: 'fa'.repeat(32),
	decide: ({ context }) => {
		const allows = mode() === 'allow' || (mode() === 'ask' && context.approved === true);
		return { verdict: allows ? 'allow' : 'deny', policies: ['p'], errors: [] };
	},
	decideWithoutInput: () => ({ verdict: 'depends', policies: [] }),
});

/** A run as it begins: opened, and its first plan recorded where the scenario says so. */
export function begun(run: string, scenario: Scenario): Ledger {
	const base = { v: 1, run, at: NOW, epoch: 0, gen: 'g1', nonce: Buffer.alloc(12, 1).toString('base64url') } as const;
	const budget = { steps: STEPS, turns: TURNS, spend: scenario.budget };
	const opened = entryShape.parse({
		...base,
		place: 0,
		prev: NO_HASH,
		kind: 'opened',
		agent: 'desk',
		driver: 'planner',
		by: 'local:alice',
		budget,
		code: NO_HASH,
	});
	const ledger = grown(undefined, opened, scenario);
	if (!scenario.planned) return ledger;
	const calls = Array.from({ length: scenario.calls }, () => ({ tool: 'act', input: {}, purpose: 'once' }));
	const sealed = { bytes: Buffer.from(seal(KEY, { run, kind: 'intent', nonce: base.nonce }, { calls })).toString('base64url') };
	const numbered = calls.map((call, index) => ({ step: index + 1, tool: 'act', call: sha256(canonical(call)) }));
	const intent = entryShape.parse({ ...base, place: 1, prev: NO_HASH, kind: 'intent', readTo: 0, calls: numbered, sealed });
	return grown(ledger, intent, scenario);
}

const KEY = new Uint8Array(32).fill(7);

function grown(ledger: Ledger | undefined, entry: Entry, { exact }: Scenario): Ledger {
	const added = add(ledger, { ...entry, at: epochMs.parse(entry.at) }, exact);
	if (added.is === 'illegal') throw new Error(added.why);
	return added.ledger;
}
