import {
	absent,
	after,
	closed,
	done,
	failed,
	found,
	granted,
	held,
	intent,
	lookedUp,
	personSays,
	resumed,
} from '../../doubles/ledger-builder.ts';
import { judged, replay, replayThenLookup, type Story, WAIT_MS } from './story.ts';

/** The target honours our key: while it does, the same key again is the same effect. */
export const replayWithinKey: Story = {
	tool: replay,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		resumed(),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		done(1, { attempts: [2] }),
		// The first attempt had arrived as well, and the target answered it with the same refund.
		done(1, { attempts: [1] }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** The key's time is over before anyone looks: the target is asked instead. */
export const replayKeyExpiredLookup: Story = {
	tool: replayThenLookup,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		after(50_000, resumed()),
		judged({ is: 'in-doubt', attempts: [1], waitMs: WAIT_MS + 3_000 }),
		judged({ is: 'look-up', asks: [1] }, { waitedFor: [1], afterMs: WAIT_MS + 3_000 }),
		lookedUp(1),
		found(1),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** The target surely has nothing: the step is granted again, and the key's time begins anew with that attempt. */
export const replayKeyExpiredAbsent: Story = {
	tool: replayThenLookup,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		after(50_000, resumed()),
		lookedUp(1),
		absent(1),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		resumed(),
		judged({ is: 'grant', attempt: 3 }),
		granted(1),
		done(1, { attempts: [3] }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** The key's time is over and the target cannot be asked: a person's. */
export const replayKeyExpiredManual: Story = {
	tool: replay,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		after(50_000, resumed()),
		judged({ is: 'in-doubt', attempts: [1], waitMs: WAIT_MS }),
		judged({ is: 'hold', for: 'doubt' }, { waitedFor: [1], afterMs: WAIT_MS }),
		held(1, 'doubt'),
		personSays(1, 'failed'),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'failed' },
};

/** One of two open attempts is known to have failed: the other may have happened, and the step stays open. */
export const replayOneOfTwoFailed: Story = {
	tool: replay,
	lines: [
		intent('payments.refund'),
		granted(1, 'replay'),
		granted(1),
		failed(1, { attempts: [2] }),
		judged({ is: 'grant', attempt: 3 }),
		granted(1),
		done(1, { attempts: [3] }),
		closed(),
	],
	ends: { 1: 'done' },
};
