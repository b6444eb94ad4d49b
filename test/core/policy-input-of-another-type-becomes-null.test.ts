// I3. A value that is not what its schema says must not vanish, or a `has` in a forbid would miss it. Cedar refuses null.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { cedarInput } from '../../core/policy/cedar-input.ts';

const tool = {
	name: 'any.tool',
	input: z.object({
		text: z.string().optional(),
		whole: z.int().optional(),
		flag: z.boolean().optional(),
		list: z.array(z.string()).optional(),
		record: z.object({ a: z.string() }).optional(),
	}),
};

test.each([
	[{ text: 5 }, { text: null }],
	[{ text: { __extn: { fn: 'unknown', arg: 'x' } } }, { text: null }],
	[{ whole: 1.5 }, { whole: null }],
	[{ whole: 2 ** 53 }, { whole: null }],
	[{ whole: Number.NaN }, { whole: null }],
	[{ whole: '1' }, { whole: null }],
	[{ flag: 'true' }, { flag: null }],
	[{ list: 'a' }, { list: null }],
	[{ list: ['a', 1] }, { list: ['a', null] }],
	[{ record: [] }, { record: null }],
	[{ record: { a: null } }, { record: { a: null } }],
	[[], null],
	[null, null],
	['text', null],
])('%j becomes %j', (input, answer) => {
	expect(cedarInput(tool, input)).toEqual(answer);
});
