import { expect, test } from 'vitest';
import { INPUT_BYTES } from '../../core/bounds.ts';
import { cedarInput } from '../../core/policy/schema.ts';
import { asked, permitAll, question, refund } from './cedar-refund-desk.ts';

const { decide } = asked({
	...permitAll,
	tagged:
		'forbid(principal, action == Action::"payments.refund", resource) when { context.input has tags && context.input.tags.contains("stop") };',
});
const refunding = (more: { note?: string; tags?: string[]; amountCents?: number }) =>
	question({ input: cedarInput(refund, { payment: 'p1', amountCents: 1, ...more }) });

test('a text as large as an input may be', () => {
	expect(decide(refunding({ note: 'é'.repeat(INPUT_BYTES / 2) })).verdict).toBe('allow');
});

test('as many elements as an input may have', () => {
	const tags = Array.from({ length: INPUT_BYTES / 8 }, (_, number) => `t${number}`);
	expect(decide(refunding({ tags })).verdict).toBe('allow');
	expect(decide(refunding({ tags: [...tags, 'stop'] })).policies).toEqual(['tagged']);
});

test('the largest and smallest whole numbers', () => {
	for (const amountCents of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -0])
		expect(decide(refunding({ amountCents })).verdict).toBe('allow');
});

test('as many facts as a run remembers', () => {
	const entities = Array.from({ length: 128 }, (_, number) => ({
		uid: { type: 'Payment', id: `p${number}` },
		attrs: { status: 'paid', labels: ['a', 'b'], ageSeconds: number },
		parents: [],
	}));
	expect(decide(question({ entities })).verdict).toBe('allow');
});
