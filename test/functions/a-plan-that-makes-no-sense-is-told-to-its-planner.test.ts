/** A planner is untrusted. What cannot be a plan is recorded as a plan refused, told to the planner, and ends by the budget (S5). */
import { expect, test } from 'vitest';
import { parsePlan } from '../../functions/plan/read-plan.ts';
import type { AgentSpec, Happened } from '../../index.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

type Proposed = NonNullable<AgentSpec['planner']> extends (situation: never) => infer Plan ? Awaited<Plan> : never;
const HALF = 'cut off: \ud83d';
const large = (bytes: number) => ({ tool: 'file.read', input: { what: 'x'.repeat(bytes) }, purpose: 'large' });
const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const containsItself = () => {
	const finish: unknown[] = [];
	finish.push(finish, finish);
	return { finish };
};
const asPlan = (proposed: unknown) => proposed as Proposed;

const senseless: [string, unknown, string][] = [
	['10,000 calls', { calls: Array.from({ length: 10_000 }, () => call('file.read')) }, 'too-many-calls'],
	['a tool that does not exist', { calls: [call('file.delete')] }, 'unknown-tool'],
	['a tool name that is half a character', { calls: [call(HALF)] }, 'unknown-tool'],
	['a call without a purpose', { calls: [{ tool: 'file.read', input: {} }] }, 'malformed'],
	['no calls at all', { calls: [] }, 'malformed'],
	['calls and a finish', { calls: [call('file.read')], finish: 'done' }, 'malformed'],
	['text', 'I would rather not', 'malformed'],
	['nothing', undefined, 'malformed'],
	['an input too large', { calls: [large(70_000)] }, 'oversized'],
	['calls too large together', { calls: Array.from({ length: 32 }, () => large(60_000)) }, 'oversized'],
	['an answer too large', { finish: 'x'.repeat(1_100_000) }, 'oversized'],
	['a memory too large', { memory: 'x'.repeat(600_000) }, 'oversized'],
	['a memory too large, with calls', { calls: [call('file.read')], memory: 'x'.repeat(600_000) }, 'oversized'],
	['half a surrogate in an input', { calls: [call('file.read', HALF)] }, 'malformed'],
	['half a surrogate in a purpose', { calls: [{ ...call('file.read'), purpose: HALF }] }, 'malformed'],
	['half a surrogate in an answer', { finish: HALF }, 'malformed'],
	['half a surrogate in a memory', { memory: { [HALF]: 1 } }, 'malformed'],
	['half a surrogate in a reason', { calls: [call('file.read')], reason: HALF }, 'malformed'],
	[
		'half a surrogate in what a model said',
		{ finish: 1, model: { name: 'm', inputTokens: 1, outputTokens: 1, answer: HALF } },
		'malformed',
	],
	['an answer nested 300 deep', { finish: nested(300) }, 'malformed'],
	['an answer nested 20,000 deep', { finish: nested(20_000) }, 'malformed'],
	['an input nested 20,000 deep', { calls: [{ tool: 'file.read', input: nested(20_000), purpose: 'deep' }] }, 'malformed'],
	['an answer that contains itself', containsItself(), 'malformed'],
];

test.for(senseless)('%s', async ([, proposed, code]) => {
	const told: (readonly Happened[])[] = [];
	const desk = install({
		agent: clerk(outsideWorld(), {
			budget: { turns: 3 },
			planner: ({ happened }) => {
				told.push(happened);
				return asPlan(proposed);
			},
		}),
	});
	await desk.run(null);
	expect(desk.lines()).toEqual(['opened', `rejected: ${code}`, `rejected: ${code}`, `rejected: ${code}`, 'closed: exhausted']);
	expect(told[2]).toEqual([{ refusedPlan: expect.any(String) }, { refusedPlan: expect.any(String) }]);
	expect(desk.executions).toMatchObject([{ end: 'succeeded' }]);
});

test('calls and a finish are told as such; a finish without calls to make is one', () => {
	const read = (proposed: unknown) => parsePlan(proposed, clerk(outsideWorld()));
	expect(read({ calls: [call('file.read')], finish: 1 })).toMatchObject({
		why: 'the plan has both calls and finish: a run finishes once they have ended',
	});
	expect(read({ calls: [], finish: 1 })).toMatchObject({ is: 'finish', answer: 1 });
	for (const finish of [undefined, null]) expect(read({ calls: [call('file.read')], finish })).toMatchObject({ is: 'calls' });
});

test('too long a reason is told as such', () => {
	const read = parsePlan({ finish: 1, reason: 'x'.repeat(4_001) }, clerk(outsideWorld()));
	expect(read).toMatchObject({ is: 'rejected', why: 'the reason has 4001 characters; a plan takes 4000' });
});

test('a planner that listens goes on', async () => {
	const outside = outsideWorld();
	const desk = install({
		agent: clerk(outside, {
			planner: ({ happened }) => {
				if (happened.length === 0) return { calls: [call('file.delete')] };
				return happened.some((one) => 'step' in one) ? { finish: happened.length } : { calls: [call('file.read')] };
			},
		}),
	});
	await desk.run(null);
	expect(desk.lines().slice(1)).toEqual(['rejected: unknown-tool', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
});
