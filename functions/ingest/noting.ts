/** Witnesses of which it is noted that there is something new about whatever they are about: what came late is reconciled again. */
import { hourOf, type Moved } from '../../core/audit/rounds.ts';
import type { Witnesses } from '../../core/ports.ts';

/** A put has not resolved before both are durable; one that comes again is noted again. */
export const noting = (witnesses: Witnesses, { moved, now }: { moved: Pick<Moved, 'note'>; now: () => number }): Witnesses => ({
	...witnesses,
	put: async (witness) => {
		const end = await witnesses.put(witness);
		await moved.note(witness.about, hourOf(now()));
		return end;
	},
});
