// Every exception through Cedar's instance leaks a piece of its stack; after some 1,500 it can decide nothing any more.
// What is no plain JSON therefore never reaches it. The control wears the instance out, so it comes last.
import { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { expect, test } from 'vitest';
import { asked, permitAll, question } from './cedar-refund-desk.ts';

const TIMES = 3_000;
const { decide } = asked(permitAll);
const malformed = question({ payment: '\ud800' });

test('thousands of malformed requests are denied, and the next good one is allowed', () => {
	let deep = {};
	for (let level = 0; level < 200; level += 1) deep = { deep };
	const cyclic: Record<string, never> = {};
	Object.assign(cyclic, { cyclic });
	const bad = [
		malformed,
		question({ input: deep }),
		question({ input: cyclic }),
		{ ...malformed, context: Object.assign({}, { input: 1n }) as never },
	];
	for (let time = 0; time < TIMES; time += 1) expect(decide(bad[time % bad.length] ?? malformed).verdict).toBe('deny');
	expect(decide(question()).verdict).toBe('allow');
});

test('control: the same requests put to Cedar itself end it, and from then on everything is denied', () => {
	const { principal, action, resource, context } = malformed;
	const straight = () =>
		statefulIsAuthorized({ principal, action, resource, context: { ...context }, entities: [], preparsedPolicySetId: 'slot-31' });
	expect(() => {
		for (let time = 0; time < TIMES; time += 1) {
			try {
				straight();
			} catch (error) {
				if (error instanceof Error && error.name === 'RuntimeError') throw error;
			}
		}
	}).toThrow(/out of bounds/);
	expect(decide(question())).toMatchObject({ verdict: 'deny', errors: [expect.stringMatching(/./)] });
	expect(decide(question())).toMatchObject({ verdict: 'deny', errors: [expect.stringMatching(/start the process anew/)] });
});
