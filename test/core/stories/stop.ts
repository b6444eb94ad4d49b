import { absent, after, closed, done, granted, held, intent, lookedUp, personSays, resumed } from '../../doubles/ledger-builder.ts';
import { judged, lookup, manual, replay, type Story, WAIT_MS } from './story.ts';

/** Stopped with one step not begun and one cut off: the first ends denied, the second is still settled. */
export const stoppedWhileOpen: Story = {
	tool: lookup,
	lines: [
		intent('carrier.recall', 'carrier.recall'),
		granted(1, 'lookup'),
		closed('stopped'),
		judged({ is: 'ended' }, { step: 2 }),
		resumed(),
		judged({ is: 'in-doubt', attempts: [1], waitMs: WAIT_MS + 3_000 }),
		judged({ is: 'look-up', asks: [1] }, { waitedFor: [1] }),
		after(WAIT_MS + 3_000, lookedUp(1)),
		// Known not to have happened, and nothing is granted any more: the step has failed.
		absent(1),
		judged({ is: 'ended' }),
	],
	ends: { 1: 'failed', 2: 'denied' },
};

/** Stopped while a person's word is needed: it still is. */
export const stoppedWhileManual: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		granted(1, 'manual'),
		closed('stopped'),
		resumed(),
		judged({ is: 'in-doubt', attempts: [1] }),
		judged({ is: 'hold', for: 'doubt' }, { waitedFor: [1] }),
		after(WAIT_MS, held(1, 'doubt')),
		personSays(1, 'done'),
		// The zombie agrees, long after.
		done(1),
	],
	ends: { 1: 'done' },
};

/** Stopped while a person was asked to approve another attempt: nobody is, any more, and the open one is settled. */
export const stoppedWhileAsked: Story = {
	tool: replay,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		judged({ is: 'hold', for: 'approval' }, { opinion: 'ask' }),
		held(1, 'approval'),
		closed('stopped'),
		resumed(),
		judged({ is: 'in-doubt', attempts: [1] }),
		after(WAIT_MS, held(1, 'doubt')),
		personSays(1, 'failed'),
	],
	ends: { 1: 'failed' },
};
