// docs/spec/ledger.md: its example is a vector, and its limits are the code's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as bounds from '../../core/bounds.ts';
import { contents } from '../../core/ledger/content.ts';
import { entry } from '../../core/ledger/entry.ts';
import { attemptState, clearState, stepState } from '../../core/ledger/state.ts';
import vectors from '../vectors/ledger.json' with { type: 'json' };

const spec = readFileSync(join(import.meta.dirname, '../../docs/spec/ledger.md'), 'utf8');
const [first] = vectors.entries;

test('the example is the first vector', () => {
	for (const part of [first?.body, first?.hash, first?.aad, first?.plain, vectors.idempotencyKeys[0]?.key]) expect(spec).toContain(part);
});

const limits: readonly [string, ...number[]][] = [
	['content', bounds.CONTENT_BYTES],
	['content inside its entry', bounds.INLINE_CONTENT_BYTES],
	['a task, or a call’s input', bounds.INPUT_BYTES],
	['calls in one intent', bounds.CALLS_PER_INTENT],
	['attempts at one step', bounds.ATTEMPTS_PER_STEP],
	['lookups of one step', bounds.LOOKUPS_PER_STEP],
	['entries one query reads', bounds.ENTRIES_PER_QUERY],
	['facts a run remembers', bounds.FACTS_PER_RUN, bounds.FACTS_BYTES],
	['a business key', bounds.KEY_CHARACTERS],
	['an approval', bounds.APPROVAL_MS / 3_600_000],
];

test.for(limits)('the limit of %s', ([name, ...values]) => {
	const row = spec.split('\n').find((line) => line.startsWith(`| ${name.replace('’', "'")} |`));
	for (const value of values) expect(row).toMatch(new RegExp(`(?<![\\d,])${value.toLocaleString('en-US')}(?!\\d|,\\d)`));
});

test('it names every field of every kind, of its content, and of a checkpoint’s state', () => {
	const named = (field: string) => new RegExp(`[\`{ ,]${field}[\`?,}: ]`).test(spec);
	const fields = [
		...entry.options.flatMap((option) => Object.keys(option.shape)),
		...Object.values(contents).flatMap((content) => Object.keys(content.shape)),
		...[clearState, stepState, attemptState].flatMap((shape) => Object.keys(shape.shape)),
	];
	expect([...new Set(fields)].filter((field) => !named(field))).toEqual([]);
	expect(named('nonsense')).toBe(false);
});
