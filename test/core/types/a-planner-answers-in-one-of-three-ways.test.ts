// What a planner gets and gives is typed; what it gives is read as untrusted all the same.
import { expectTypeOf, test } from 'vitest';
import { type Agent, defineAgent, type Json, type Plan, type Planner, type Situation } from '../../../index.ts';

const declared = (_planner: () => Planner): void => {};
const agent = { name: 'desk', tools: [], policies: {} };

test('calls, a finish, or new memory', () => {
	declared(() => () => ({
		calls: [{ tool: 'orders.find', input: { order: 'o-1' }, purpose: 'to know' }],
		memory: { asked: true },
		reason: 'why',
	}));
	declared(() => async () => ({ finish: 'all done', model: { name: 'm', inputTokens: 1, outputTokens: 2 } }));
	declared(() => (situation) => ({ memory: situation.memory ?? null }));
	// @ts-expect-error: a call has a purpose.
	declared(() => () => ({ calls: [{ tool: 'orders.find', input: {} }] }));
	// @ts-expect-error: it answers something.
	declared(() => () => undefined);
	// @ts-expect-error: memory is JSON.
	declared(() => () => ({ memory: () => 1 }));
	expectTypeOf<Planner>().returns.toEqualTypeOf<Plan | Promise<Plan>>();
});

test('what happened is told by how it ended', () => {
	expectTypeOf<Situation['task']>().toEqualTypeOf<Json>();
	expectTypeOf<Situation['memory']>().toEqualTypeOf<Json | undefined>();
	declared(() => ({ happened }) => {
		for (const each of happened) {
			if ('refusedPlan' in each) expectTypeOf(each.refusedPlan).toBeString();
			else expectTypeOf(each.ended).toEqualTypeOf<'done' | 'failed' | 'denied'>();
		}
		return { finish: null };
	});
});

test('an agent may have no planner, and every other part is optional but tools and policies', () => {
	expectTypeOf(defineAgent(agent)).toEqualTypeOf<Agent>();
	const wrong = (_agent: () => Agent): void => {};
	// @ts-expect-error: policies are said, if only to be none.
	wrong(() => defineAgent({ name: 'desk', tools: [] }));
	// @ts-expect-error: attributes have one of four types.
	wrong(() => defineAgent({ ...agent, entities: { Order: { paid: 'Boolean' } } }));
	// @ts-expect-error: there are two modes.
	wrong(() => defineAgent({ ...agent, mode: 'off' }));
});
