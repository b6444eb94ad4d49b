/** Witnesses put some at a time. One that fails fails all: whoever called has them delivered, or reads them, again. */
import type { Witness } from '../../core/audit/witness.ts';
import type { Witnesses } from '../../core/ports.ts';

const SIDE_BY_SIDE = 16;

export async function putAll(witnesses: Witnesses, found: readonly Witness[]): Promise<{ kept: number; known: number; differing: number }> {
	const ends = { kept: 0, known: 0, differing: 0 };
	for (let start = 0; start < found.length; start += SIDE_BY_SIDE) {
		const together = found.slice(start, start + SIDE_BY_SIDE);
		for (const end of await Promise.all(together.map((witness) => witnesses.put(witness)))) {
			ends[typeof end === 'string' ? end : 'differing'] += 1;
		}
	}
	return ends;
}
