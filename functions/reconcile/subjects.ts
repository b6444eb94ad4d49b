/** Everything that is to be reconciled: all runs that have a ledger, and all that witnesses are about, each once. */

import { atLarge } from '../../core/audit/witness.ts';
import { agentChain, everythingChain } from '../../core/ids.ts';
import type { Runs, Witnesses } from '../../core/ports.ts';

const PER_PAGE = 500;

export const isControl = (subject: string): boolean => subject === everythingChain || subject.startsWith(agentChain(''));

/** Ascending within each of the two; a run that was opened in between comes with the next reading. `@trail` goes with every run. */
export async function* subjects({ runs, witnesses }: { runs: Runs; witnesses: Witnesses }): AsyncGenerator<string> {
	const seen = new Set<string>([atLarge.trail]);
	for (const list of [(page: Page) => runs.list(page), (page: Page) => witnesses.subjects(page)]) {
		let after: string | undefined;
		for (;;) {
			const page = await list({ ...(after !== undefined && { after }), limit: PER_PAGE });
			for (const subject of page) {
				if (!seen.has(subject)) yield subject;
				seen.add(subject);
			}
			after = page.at(-1);
			if (page.length < PER_PAGE || after === undefined) break;
		}
	}
}
type Page = { after?: string; limit: number };
