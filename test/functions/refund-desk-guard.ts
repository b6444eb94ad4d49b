/** The refund desk's policies, asked as the guard asks them: without an approval first, then with one. */
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import agent from '../../agents/refund-desk/agent.ts';
import type { FoundOrder } from '../../agents/refund-desk/tools/orders-find.ts';
import { cedarInput } from '../../core/policy/schema.ts';
import type { PolicyAnswer, PolicyEntity } from '../../core/ports.ts';
import type { Call, Fact } from '../../index.ts';

export const policies = cedarPolicies({ agent });

export type Asked = { verdict: 'allow' | 'ask' | 'deny'; policies: readonly string[]; errors: readonly string[] };

export function toolNamed(name: string) {
	const tool = agent.tools.get(name);
	if (!tool) throw new Error(`no tool ${name}`);
	return tool;
}

/** What a run knows after it has read `order`. */
export function factsAfterReading(order: FoundOrder): readonly Fact[] {
	return toolNamed('orders.find').facts(order, { order: order.id });
}

export function guardAsks({ tool, input }: Pick<Call, 'tool' | 'input'>, facts: readonly Fact[], ageSeconds = 5): Asked {
	const plain = decide({ tool, input }, { facts, ageSeconds, approved: false });
	if (plain.verdict === 'allow') return plain;
	const approved = decide({ tool, input }, { facts, ageSeconds, approved: true });
	return approved.verdict === 'allow' ? { ...approved, verdict: 'ask' } : plain;
}

function decide(
	call: Pick<Call, 'tool' | 'input'>,
	{ facts, ageSeconds, approved }: { facts: readonly Fact[]; ageSeconds: number; approved: boolean },
): PolicyAnswer {
	const tool = toolNamed(call.tool);
	const input = tool.input.parse(call.input);
	const resource = { type: tool.resource.type, id: tool.resource.id(input) };
	const fact = facts.find(({ type, id }) => type === resource.type && id === resource.id);
	return policies.decide({
		principal: { type: 'Agent', id: agent.name },
		action: { type: 'Action', id: tool.name },
		resource,
		context: { input: cedarInput(tool, input), approved, run: { steps: 2, attempt: 1, ageSeconds: 5, spend: 0, resumed: 0 } },
		entities: fact ? [entityOf(fact, ageSeconds)] : [],
	});
}

function entityOf({ type, id, attributes }: Fact, ageSeconds: number): PolicyEntity {
	const attrs = Object.fromEntries(
		Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
	);
	return { uid: { type, id }, attrs: { ...attrs, ageSeconds }, parents: [] };
}
