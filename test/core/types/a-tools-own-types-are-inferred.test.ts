// An author writes each shape once, in zod; every function of the tool is typed by it.
import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { type Access, type Credentials, defineTool, type Fact, type Tool } from '../../../index.ts';
import { visibleWithinMs } from './declarations.ts';

type Input = { order: string; amountCents: number; note?: string | undefined };
type Output = { refund: string; at: number };

test('input and output come to every function as they were parsed', () => {
	const tool = defineTool({
		name: 'payments.refund',
		description: 'Pays back.',
		effect: 'lookup',
		fencedBy: 'credentials',
		input: z.strictObject({ order: z.string(), amountCents: z.int().default(0), note: z.string().optional() }),
		output: z.object({ refund: z.string(), at: z.number() }),
		timeoutSeconds: 5,
		key: (input) => {
			expectTypeOf(input).toEqualTypeOf<Input>();
			return input.order;
		},
		access: (input) => {
			expectTypeOf(input).toEqualTypeOf<Input>();
			return [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::orders/${input.order}`] }];
		},
		lookupAccess: (input) => {
			expectTypeOf(input).toEqualTypeOf<Input>();
			return [];
		},
		resource: {
			type: 'Order',
			id: (input) => {
				expectTypeOf(input).toEqualTypeOf<Input>();
				return input.order;
			},
		},
		spend: (input) => {
			expectTypeOf(input.amountCents).toEqualTypeOf<number>();
			return input.amountCents;
		},
		facts: (output, input) => {
			expectTypeOf(output).toEqualTypeOf<Output>();
			expectTypeOf(input).toEqualTypeOf<Input>();
			return [{ type: 'Order', id: input.order, attributes: { refund: output.refund } }];
		},
		run: async (input, context) => {
			expectTypeOf(input).toEqualTypeOf<Input>();
			expectTypeOf(context.idempotencyKey).toBeString();
			expectTypeOf(context.credentials).toEqualTypeOf<Credentials>();
			expectTypeOf(context.attempt).toBeNumber();
			expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
			return { refund: 'r-1', at: 1 };
		},
		lookup: async (input, context) => {
			expectTypeOf(input).toEqualTypeOf<Input>();
			expectTypeOf(context.attempts).toEqualTypeOf<readonly number[]>();
			expectTypeOf(context).not.toHaveProperty('attempt');
			return { found: { refund: 'r-1', at: 1 } };
		},
		visibleWithinMs,
	});
	expectTypeOf(tool).toEqualTypeOf<Tool>();
	expectTypeOf(tool.access).returns.toEqualTypeOf<readonly Access[]>();
	expectTypeOf(tool.facts).returns.toEqualTypeOf<readonly Fact[]>();
	// Beyond the declaration a tool's input is unknown until parsed.
	expectTypeOf(tool.run).parameter(0).toBeUnknown();
	expect(tool.spend({ order: 'o', amountCents: 7 })).toBe(7);
});

test('what an author left out is nothing, none, or no bound', () => {
	const tool = defineTool({
		name: 'orders.find',
		description: 'Finds.',
		effect: 'read',
		input: z.strictObject({}),
		output: z.null(),
		timeoutSeconds: 1,
		resource: { type: 'Order', id: () => 'any' },
		run: async () => null,
	});
	expect({ ...tool, input: 0, output: 0, resource: 0, run: 0 }).toMatchObject({
		fencedBy: 'runtime',
		keyHonouredForMs: 0,
		visibleWithinMs: 0,
		tables: [],
	});
	expect([tool.key, tool.lookup]).toEqual([undefined, undefined]);
	expect([tool.access({}), tool.lookupAccess({}), tool.facts(null, {}), tool.spend({})]).toEqual([[], [], [], 0]);
});

test('an input is a record, since policies speak of its attributes', () => {
	const declared = (_tool: () => Tool): void => {};
	const rest = {
		name: 'a.b',
		description: '',
		effect: 'read',
		output: z.null(),
		timeoutSeconds: 1,
		resource: { type: 'T', id: () => 'i' },
		run: async () => null,
	} as const;
	// @ts-expect-error: a text has none.
	declared(() => defineTool({ ...rest, input: z.string() }));
});
