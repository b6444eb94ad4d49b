// Cedar never frees what it has parsed, so a bounded number of slots is used again. Nobody may be answered from another's.
import { expect, test } from 'vitest';
import { asked, question } from './cedar-refund-desk.ts';

const AGENTS = 40;
const agents = Array.from({ length: AGENTS }, (_, number) => {
	const texts = {
		[`limit-${number}`]: `permit(principal, action == Action::"payments.refund", resource) when { context.input.amountCents == ${number} };`,
	};
	return { policies: asked(texts), texts };
});

test('each is answered by its own policies, however they take turns', () => {
	for (const stride of [1, 7, 39]) {
		for (let turn = 0; turn < AGENTS * 2; turn += 1) {
			const number = (turn * stride) % AGENTS;
			const decide = (amountCents: number) => agents[number]?.policies.decide(question({ input: { payment: 'p1', amountCents } }));
			expect(decide(number)).toEqual({ verdict: 'allow', policies: [`limit-${number}`], errors: [] });
			expect(decide(number + 1)?.verdict).toBe('deny');
		}
	}
});

test('texts parsed anew are those of the digest, whatever became of the object they came in', () => {
	const [first] = agents;
	for (const key of Object.keys(first?.texts ?? {})) delete first?.texts[key];
	for (const { policies } of agents.slice(1)) policies.decide(question());
	expect(first?.policies.decide(question({ input: { payment: 'p1', amountCents: 0 } })).verdict).toBe('allow');
});
