// Cedar can't hold everything that a tool takes. What it can't is left out of schema and value alike, and said.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cedarInput, cedarInputType } from '../../core/policy/cedar-input.ts';

const tree = z.object({
	name: z.string(),
	get children() {
		return z.array(tree);
	},
});

const types: [string, z.ZodType, unknown, string[]][] = [
	['a fraction', z.number(), 0.5, ['payments.refund input.field: number has no Cedar type']],
	['a whole literal among fractions', z.literal([1, 1.5]), 1, ['payments.refund input.field: number has no Cedar type']],
	['null', z.string().nullable(), null, ['payments.refund input.field: string or null has no Cedar type']],
	['a union', z.union([z.string(), z.int()]), 'a', ['payments.refund input.field: union has no Cedar type']],
	[
		'a union of objects',
		z.union([z.object({ a: z.string() }), z.object({ a: z.int() })]),
		{ a: 1 },
		['payments.refund input.field: union has no Cedar type'],
	],
	[
		'free keys',
		z.record(z.string(), z.string()),
		{ a: 'b' },
		['payments.refund input.field: record with keys of any name has no Cedar type'],
	],
	['a tuple', z.tuple([z.string()]), ['a'], ['payments.refund input.field: tuple has no Cedar type']],
	['anything', z.unknown(), 1, ['payments.refund input.field: a value of any type has no Cedar type']],
	[
		'a date',
		z.string().transform((text) => new Date(text)),
		new Date(0),
		['payments.refund input.field: a value of any type has no Cedar type'],
	],
	['an array of such', z.array(z.number()), [0.5], ['payments.refund input.field[]: number has no Cedar type']],
];

describe('left out, with the reason', () => {
	test.each(types)('%s', (_, schema, value, left) => {
		const tool = { name: 'payments.refund', input: z.object({ kept: z.string(), field: schema }) };
		expect(cedarInputType(tool)).toEqual({ type: { type: 'Record', attributes: { kept: { type: 'String', required: true } } }, left });
		expect(cedarInput(tool, { kept: 'k', field: value })).toEqual({ kept: 'k' });
	});
});

test('only the attribute goes, wherever it is, and its record stays', () => {
	const tool = { name: 'payments.refund', input: z.object({ items: z.array(z.object({ id: z.string(), ratio: z.number() })) }) };
	expect(cedarInputType(tool).left).toEqual(['payments.refund input.items[].ratio: number has no Cedar type']);
	expect(cedarInput(tool, { items: [{ id: 'a', ratio: 0.5 }] })).toEqual({ items: [{ id: 'a' }] });
});

test('a type that contains itself goes where it does', () => {
	const inside = { name: 'payments.refund', input: z.object({ tree }) };
	expect(cedarInputType(inside).left).toEqual(['payments.refund input.tree.children[]: a type that contains itself has no Cedar type']);
	expect(cedarInput(inside, { tree: { name: 'a', children: [{ name: 'b', children: [] }] } })).toEqual({ tree: { name: 'a' } });
	expect(cedarInputType({ name: 'payments.refund', input: tree }).left).toEqual([
		'payments.refund input.children[]: a type that contains itself has no Cedar type',
	]);
});

test('names that make a record something else to Cedar', () => {
	const tool = {
		name: 'payments.refund',
		input: z.object({ __entity: z.object({ type: z.string(), id: z.string() }), __extn: z.string() }),
	};
	expect(cedarInputType(tool).left).toEqual([
		'payments.refund input.__entity: an attribute named __entity has no Cedar type',
		'payments.refund input.__extn: an attribute named __extn has no Cedar type',
	]);
	expect(cedarInput(tool, { __entity: { type: 'Agent', id: 'root' }, __extn: 'x' })).toEqual({});
});

test('keys that the schema lets through without naming them', () => {
	const tool = { name: 'payments.refund', input: z.looseObject({ a: z.string() }) };
	expect(cedarInputType(tool).left).toEqual(['payments.refund input.*: a key that the schema does not name has no Cedar type']);
	expect(cedarInput(tool, { a: 'x', b: 'y', constructor: 'z' })).toEqual({ a: 'x' });
});
