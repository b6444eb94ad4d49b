import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cedarInput, cedarInputType } from '../../core/policy/cedar-input.ts';

const string = { type: 'String' };
const long = { type: 'Long' };
const boolean = { type: 'Boolean' };

const types: [string, z.ZodType, object, unknown][] = [
	['string', z.string(), string, 'a'],
	['format', z.email(), string, 'a@example.org'],
	['enum', z.enum(['a', 'b']), string, 'b'],
	['literal', z.literal('a'), string, 'a'],
	['int', z.int(), long, -3],
	['number().int()', z.number().int().min(0), long, 3],
	['whole literals', z.literal([1, 2]), long, 2],
	['boolean', z.boolean(), boolean, false],
	['array', z.array(z.int()), { type: 'Set', element: long }, [1, 1, 2]],
	['array of arrays', z.array(z.array(z.string())), { type: 'Set', element: { type: 'Set', element: string } }, [['a'], []]],
	['object', z.object({ a: z.string() }), { type: 'Record', attributes: { a: { type: 'String', required: true } } }, { a: 'x' }],
	['union of one scalar', z.union([z.literal('a'), z.email()]), string, 'a'],
	[
		'a type with an id',
		z.object({ a: z.int() }).meta({ id: 'Amount' }),
		{ type: 'Record', attributes: { a: { type: 'Long', required: true } } },
		{ a: 1 },
	],
	[
		'intersection of objects',
		z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })),
		{ type: 'Record', attributes: { a: { type: 'String', required: true }, b: { type: 'String', required: true } } },
		{ a: 'x', b: 'y' },
	],
	['what a pipe comes out as', z.string().pipe(z.coerce.number<string>().int()), long, 5],
	['default', z.string().default('d'), string, 'd'],
];

describe('a type, and a value as it is', () => {
	test.each(types)('%s', (_, schema, type, value) => {
		const tool = { name: 'any.tool', input: z.object({ field: schema }) };
		expect(cedarInputType(tool)).toEqual({ type: { type: 'Record', attributes: { field: { ...type, required: true } } }, left: [] });
		expect(cedarInput(tool, { field: value })).toEqual({ field: value });
	});
});

test('what is optional to the tool is optional to Cedar, and absent when it is undefined', () => {
	const tool = { name: 'any.tool', input: z.object({ field: z.string().optional(), inner: z.object({ more: z.int().optional() }) }) };
	expect(cedarInputType(tool).type.attributes).toEqual({
		field: { type: 'String', required: false },
		inner: { type: 'Record', attributes: { more: { type: 'Long', required: false } }, required: true },
	});
	expect(cedarInput(tool, { field: undefined, inner: {} })).toEqual({ inner: {} });
});
