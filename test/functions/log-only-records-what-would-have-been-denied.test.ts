/** `log-only`: policies hold nothing up; what they would have denied or asked is allowed, and recorded as such. Bounds still bind. */
import { expect, test } from 'vitest';
import { freezeChain } from '../../functions/freeze/freeze.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';

const wouldBe = [
	['denied', fakePolicies(() => 'deny')],
	['asked of a person', fakePolicies(({ context }) => (context.approved ? 'allow' : 'deny'))],
	['denied for a policy that errs', fakePolicies(() => 'error')],
] as const;

test.for(wouldBe)('%s', async ([, policies]) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { mode: 'log-only' }), policies });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1: log-only', 'done 1.1 by tool', 'closed: finished']);
	expect(desk.entries()[2]).toMatchObject({ policies: ['fake'], approved: false });
});

test.for(wouldBe)('enforced, the same is not done: %s', async ([, policies]) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside), policies });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()[2]).toMatch(/^(denied 1: policy|denied 1: policy-error|held 1: approval)$/);
	expect(outside.arrived).toEqual([]);
});

test('what policies allow is recorded as allowed by them', async () => {
	const desk = install({ agent: clerk(outsideWorld(), { mode: 'log-only' }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()[2]).toBe('granted 1.1');
});

test('budget, schema and freeze bind as ever', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { mode: 'log-only', budget: { steps: 1 } }), policies: fakePolicies(() => 'deny') });
	await freezeChain('@all', { is: 'freeze', by: BY, reason: 'stop' }, desk.operator.store);
	const malformed = { tool: 'letter.send', input: { what: 7 }, purpose: 'of another type' };
	await desk.run({ plans: [[malformed, call('letter.send')]] });
	expect(desk.lines()).toEqual(['opened']);
	await freezeChain('@all', { is: 'thaw', by: BY, reason: 'go on' }, desk.operator.store);
	await desk.recover();
	expect(desk.lines().slice(2, 5).toSorted()).toEqual(['denied 1: schema', 'denied 2: budget', 'planned 1 2']);
	expect(outside.arrived).toEqual([]);
});
