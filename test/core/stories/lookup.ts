import { absent, after, closed, done, found, granted, held, intent, lookedUp, personSays, resumed } from '../../doubles/ledger-builder.ts';
import { judged, lookup, type Story, WAIT_MS } from './story.ts';

const IN_DOUBT_MS = WAIT_MS + 3_000;

/** Cut off after the effect: once nothing can arrive any more, the target says that it has it. */
export const lookupFound: Story = {
	tool: lookup,
	lines: [
		intent('carrier.recall'),
		granted(1, 'lookup'),
		resumed(),
		judged({ is: 'in-doubt', attempts: [1], waitMs: IN_DOUBT_MS }),
		judged({ is: 'look-up', asks: [1] }, { waitedFor: [1], afterMs: IN_DOUBT_MS }),
		after(IN_DOUBT_MS, lookedUp(1)),
		found(1),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** Cut off before the effect: the target has no trace of it, and the step is granted again. */
export const lookupAbsent: Story = {
	tool: lookup,
	lines: [
		intent('carrier.recall'),
		granted(1, 'lookup'),
		resumed(),
		after(IN_DOUBT_MS, lookedUp(1)),
		absent(1),
		judged({ is: 'act-again' }, { waitedFor: [1] }),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		done(1),
		closed(),
	],
	ends: { 1: 'done' },
};

/** The target gives no answer, again and again: then a person is asked. */
export const lookupUnknown: Story = {
	tool: lookup,
	lines: [
		intent('carrier.recall'),
		granted(1, 'lookup'),
		after(IN_DOUBT_MS, lookedUp(1)),
		lookedUp(1),
		lookedUp(1),
		judged({ is: 'look-up', asks: [1] }, { waitedFor: [1] }),
		lookedUp(1),
		judged({ is: 'hold', for: 'doubt' }, { waitedFor: [1] }),
		held(1, 'doubt'),
		personSays(1, 'done'),
		closed(),
	],
	ends: { 1: 'done' },
};
