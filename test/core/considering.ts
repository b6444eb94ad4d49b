/** One call under consideration: a refund of `amountCents` of a charge, by an agent with a budget. */
import * as z from 'zod';
import { type Agent, defineAgent } from '../../core/agent/agent.ts';
import { defineTool, type Tool } from '../../core/agent/tool.ts';
import { epochMs, type Json } from '../../core/ids.ts';
import { contentDigest } from '../../core/ledger/content.ts';
import { stepOf } from '../../core/ledger/state.ts';
import { type Opinion, opinion } from '../../core/policy/opinion.ts';
import type { Policies, PolicyQuestion } from '../../core/ports.ts';
import { begun, done, type Golden, granted, intent, KEY, type Line, tellOn } from '../doubles/ledger-builder.ts';
import { fakePolicies } from '../doubles/policies.ts';

export const refund = defineTool({
	name: 'payments.refund',
	description: 'Pays back.',
	effect: 'manual',
	fencedBy: 'runtime',
	input: z.strictObject({ charge: z.string(), amountCents: z.int() }),
	output: z.null(),
	timeoutSeconds: 2,
	resource: { type: 'Charge', id: (input) => input.charge },
	key: (input) => input.charge,
	spend: (input) => input.amountCents,
	run: async () => null,
});

export const agentWith = (tool: Tool, mode: Agent['mode'] = 'enforce'): Agent =>
	defineAgent({ name: 'desk', tools: [tool], entities: { Charge: { remainingCents: 'Long' } }, policies: {}, mode });

export const chargeFact = (remainingCents: number) => ({ type: 'Charge', id: 'c-1', attributes: { remainingCents } });
/** A read told what is left of the charge, and a refund of it was planned: step 2. */
export const known = (remainingCents = 5_000, spend: number | null = 10_000): Golden =>
	tellOn(
		begun({ budget: { steps: 3, turns: 9, spend } }),
		intent('charges.find'),
		granted(1, 'read'),
		done(1, { facts: [chargeFact(remainingCents)] }),
		intent('payments.refund'),
	);

export const input = { charge: 'c-1', amountCents: 1_500 };
export type Considering = {
	golden?: Golden;
	lines?: readonly Line[];
	step?: number;
	tool?: Tool;
	mode?: Agent['mode'];
	policies?: Policies;
	call?: { input: Json; purpose: string };
	/** Time since the last entry. */
	afterMs?: number;
};

export const permissive = () => fakePolicies(() => 'allow');
export const forbidding = () => fakePolicies(() => 'deny');
export const erring = () => fakePolicies(() => 'error');
/** Lets through what a person has approved. */
export const withApproval = () => fakePolicies((question) => (isApproved(question) ? 'allow' : 'deny'));
export const isApproved = ({ context }: PolicyQuestion): boolean => context.approved === true;

export function consider(considering: Considering = {}): Opinion {
	const { golden = known(), lines = [], step = 2, tool = refund, mode = 'enforce', policies = permissive(), afterMs = 1_000 } = considering;
	const { state } = tellOn(golden, ...lines);
	const judged = stepOf(state, step);
	if (!judged) throw new Error(`there is no step ${step}`);
	return opinion(state, judged, {
		agent: agentWith(tool, mode),
		tool,
		policies,
		call: considering.call ?? { input, purpose: 'due' },
		now: epochMs.parse(state.head.at + afterMs),
		digestShown,
	});
}

export const digestShown = (shown: Json): string => contentDigest(KEY, 'shown', shown);
/** The digest of what a person is asked to approve. */
export function shownBy(considering: Considering = {}): string {
	const asked = consider({ policies: withApproval(), ...considering });
	if (asked.is !== 'ask') throw new Error(`nothing is asked: ${asked.is}`);
	return digestShown(asked.shown);
}
