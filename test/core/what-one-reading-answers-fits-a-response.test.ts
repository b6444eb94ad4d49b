/** A status with as many results as one may ask for, and a memory, is a response that Lambda delivers, whatever they are made of. */
import { expect, test } from 'vitest';
import { CONTENT_BYTES, MEMORY_BYTES, RESULTS_PER_READING } from '../../core/bounds.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const RESPONSE_BYTES = 6 * 1_048_576;
const AROUND_THEM_BYTES = 16_384;

test('results and memory of nothing but quotes, as text in a response', () => {
	const ofQuotes = (bytes: number): string => '"'.repeat(Math.floor(bytes / 2) - 1);
	// What a guard keeps of a result: half of what a ledger takes.
	const steps = Array.from({ length: RESULTS_PER_READING }, () => ofQuotes(CONTENT_BYTES / 2));
	const response = JSON.stringify({ body: JSON.stringify({ steps, memory: ofQuotes(MEMORY_BYTES) }) });
	expect(response.length + AROUND_THEM_BYTES).toBeLessThan(RESPONSE_BYTES);
});
