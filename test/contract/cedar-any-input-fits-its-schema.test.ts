// The schema and the value that is put to it come from one walk, so no input that a tool takes is denied for its shape.
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import * as z from 'zod';
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import { defineAgent } from '../../core/agent/agent.ts';
import { defineTool } from '../../core/agent/tool.ts';
import type { Json } from '../../core/ids.ts';
import { cedarInput } from '../../core/policy/schema.ts';
import { permitAll } from './cedar-refund-desk.ts';

/** A zod schema along with the values it takes. */
type Field = { schema: z.ZodType; values: fc.Arbitrary<unknown>; optional?: boolean };

const text = fc.string({ unit: 'binary', maxLength: 8 });
const key = fc.oneof(fc.constantFrom('a', 'amountCents', '__entity', '__extn', '__expr', '', 'a"b', 'a.b', '💥', 'if', 'has'), text);
const scalar: fc.Arbitrary<Field> = fc.constantFrom<Field>(
	{ schema: z.string(), values: text },
	{ schema: z.string().default('d'), values: fc.oneof(text, fc.constant(undefined)), optional: true },
	{ schema: z.enum(['x', 'y "z"']), values: fc.constantFrom('x', 'y "z"') },
	{ schema: z.literal(['a', 'b']), values: fc.constantFrom('a', 'b') },
	{ schema: z.literal([1, 2]), values: fc.constantFrom(1, 2) },
	{ schema: z.int(), values: fc.maxSafeInteger() },
	{ schema: z.number().int().min(-5), values: fc.integer({ min: -5 }) },
	{ schema: z.boolean(), values: fc.boolean() },
	{ schema: z.string().transform(Number), values: text },
	{ schema: z.coerce.number().int(), values: fc.integer().map(String) },
	{ schema: z.number(), values: fc.double({ noNaN: true, noDefaultInfinity: true }) },
	{ schema: z.string().nullable(), values: fc.option(text) },
	{ schema: z.union([z.string(), z.int()]), values: fc.oneof(text, fc.integer()) },
	{ schema: z.union([z.literal('a'), z.email()]), values: fc.constantFrom('a', 'a@example.org') },
	{ schema: z.json(), values: fc.jsonValue() },
	{ schema: z.record(z.string(), z.int()), values: fc.dictionary(text, fc.integer(), { noNullPrototype: true }) },
	{ schema: z.tuple([z.string()]), values: fc.tuple(text) },
);
const { field } = fc.letrec<{ field: Field; array: Field; object: Field }>((tie) => ({
	field: fc.oneof({ maxDepth: 4, depthSize: 'small' }, scalar, tie('array'), tie('object')),
	array: tie('field').map(({ schema, values, optional }) => ({
		schema: z.array(schema),
		values: fc.array(optional ? values.filter((value) => value !== undefined) : values, { maxLength: 4 }),
	})),
	object: fc.array(fc.record({ key, field: tie('field'), optional: fc.boolean() }), { maxLength: 5 }).map(objectOf),
}));

function objectOf(fields: readonly { key: string; field: Field; optional: boolean }[]): Field & { schema: z.ZodObject } {
	// Keys that every object inherits are zod's own trouble: it takes an absent one for the inherited function.
	const named = new Map(fields.filter(({ key }) => !(key in {})).map((one) => [one.key, one]));
	const shape = [...named].map(([key, { field, optional }]) => [key, optional ? field.schema.optional() : field.schema] as const);
	const required = [...named].filter(([, { field, optional }]) => !optional && !field.optional).map(([key]) => key);
	const values = Object.fromEntries([...named].map(([key, { field }]) => [key, field.values]));
	return { schema: z.object(Object.fromEntries(shape)), values: fc.record(values, { requiredKeys: required, noNullPrototype: true }) };
}

const tools = fc
	.array(fc.record({ key, field, optional: fc.boolean() }), { maxLength: 6 })
	.map(objectOf)
	.chain(({ schema, values }) => values.map((value) => ({ schema, value })));

const decided = ({ schema, value }: { schema: z.ZodObject; value: unknown }, change: (input: Json) => Json = (input) => input) => {
	const tool = defineTool({
		name: 'any.tool',
		description: '',
		effect: 'read',
		input: schema,
		output: z.json(),
		timeoutSeconds: 1,
		resource: { type: 'Thing', id: () => 't' },
		run: async () => null,
	});
	const agent = defineAgent({ name: 'any', tools: [tool], entities: { Thing: {} }, policies: permitAll });
	return cedarPolicies({ agent }).decide({
		principal: { type: 'Agent', id: 'any' },
		action: { type: 'Action', id: 'any.tool' },
		resource: { type: 'Thing', id: 't' },
		context: {
			input: change(cedarInput(tool, schema.parse(value))),
			approved: false,
			run: { steps: 0, attempt: 1, ageSeconds: 0, spend: 0, resumed: 0 },
		},
		entities: [],
	});
};

test.prop([tools], { numRuns: 300 })('any value that a tool takes is a valid request', (sample) => {
	expect(decided(sample)).toEqual({ verdict: 'allow', policies: ['everything'], errors: [] });
});

test('control: the value as zod gives it is refused where it has what Cedar can not hold', () => {
	const schema = z.object({ ratio: z.number() });
	const sample = { schema, value: { ratio: 0.5 } };
	expect(decided(sample).verdict).toBe('allow');
	expect(decided(sample, () => ({ ratio: 0.5 })).verdict).toBe('deny');
});

test('an input nested as deep as is kept fits as well', () => {
	let nested: Field = { schema: z.array(z.string()), values: fc.constant(['x']) };
	let value: unknown = ['x'];
	for (let level = 0; level < 60; level += 1) {
		nested = { ...nested, schema: z.object({ a: nested.schema }) };
		value = { a: value };
		expect(decided({ schema: z.object({ top: nested.schema }), value: { top: value } }).errors).toEqual([]);
	}
});
