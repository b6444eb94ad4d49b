// A1: `witnessedBy` is for tools with an effect of their own, and sees the tool's own input. Checked by `tsc`.
import { expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import { defineTool, type Sight, type Tool, type WitnessedBy } from '../../../index.ts';
import { common, lookup, run, runTransaction, visibleWithinMs } from './declarations.ts';

const declared = (_tool: () => Tool): void => {};
const manual = { ...common, effect: 'manual', fencedBy: 'runtime', run } as const;

test('what is seen, that nothing is, or nothing said', () => {
	const tools = [
		defineTool({ ...manual, witnessedBy: () => [{ source: 'sqs.amazonaws.com', name: 'SendMessage' }] }),
		defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs, witnessedBy: 'nothing' }),
		defineTool(manual),
	];
	expect(tools.map(({ witnessedBy }) => (typeof witnessedBy === 'string' ? witnessedBy : 'seen'))).toEqual([
		'seen',
		'nothing',
		'undeclared',
	]);
});

test('it is given the parsed input and the key', () => {
	defineTool({
		...common,
		effect: 'manual',
		fencedBy: 'runtime',
		run,
		witnessedBy: (input, { idempotencyKey }) => {
			expectTypeOf(input).toEqualTypeOf<z.infer<typeof common.input>>();
			return [{ source: 's', name: 'n', request: { idempotencyKey } }];
		},
	});
	expectTypeOf<WitnessedBy<number>>().toEqualTypeOf<
		'nothing' | ((input: number, call: { readonly idempotencyKey: string }) => readonly Sight[])
	>();
});

test('what has no effect of its own, and what is no sight', () => {
	// @ts-expect-error: a read changes nothing that could be seen.
	declared(() => defineTool({ ...common, effect: 'read', run, witnessedBy: 'nothing' }));
	// @ts-expect-error: the guard's commit is what is seen of a transaction.
	declared(() => defineTool({ ...common, effect: 'transaction', tables: ['credits'], run: runTransaction, witnessedBy: 'nothing' }));
	// @ts-expect-error: an event has a source.
	declared(() => defineTool({ ...manual, witnessedBy: () => [{ name: 'SendMessage' }] }));
	// @ts-expect-error: there is no such word.
	declared(() => defineTool({ ...manual, witnessedBy: 'something' }));
});
