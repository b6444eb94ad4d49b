import {
	absent,
	after,
	checkpoint,
	closed,
	done,
	granted,
	held,
	intent,
	lookedUp,
	personSays,
	stands,
} from '../../doubles/ledger-builder.ts';
import { judged, lookup, manual, type Story, WAIT_MS } from './story.ts';

/** A person said it was not done; then the zombie reports that it was. The run is held until a person says what stands. */
export const contradictionStands: Story = {
	tool: manual,
	lines: [
		intent('mail.send', 'mail.send'),
		granted(1, 'manual'),
		after(WAIT_MS, held(1, 'doubt')),
		personSays(1, 'failed'),
		done(1, { contradicts: true }),
		judged({ is: 'held', for: 'contradiction' }, { step: 2 }),
		judged({ is: 'held', for: 'contradiction' }, { step: 2, waitedFor: [1] }),
		stands(1, 'done'),
		judged({ is: 'grant', attempt: 1 }, { step: 2 }),
		granted(2, 'manual'),
		done(2),
		closed(),
	],
	ends: { 1: 'done', 2: 'done' },
};

/** The contradiction comes after a checkpoint has dropped the step. */
export const contradictionLate: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		granted(1, 'manual'),
		after(WAIT_MS, held(1, 'doubt')),
		personSays(1, 'failed'),
		checkpoint({ memory: 'it failed' }),
		done(1, { contradicts: true, epoch: 0 }),
		checkpoint(),
		stands(1, 'failed'),
		closed(),
	],
	ends: { 1: 'failed' },
};

/** The target hid it longer than it says: the lookup found nothing, a second attempt runs, then the first reports. */
export const contradictionAfterLookup: Story = {
	tool: lookup,
	lines: [
		intent('carrier.recall'),
		granted(1, 'lookup'),
		after(WAIT_MS + 3_000, lookedUp(1)),
		absent(1),
		granted(1),
		done(1, { attempts: [1] }),
		judged({ is: 'held', for: 'contradiction' }),
		done(1, { attempts: [2] }),
		stands(1, 'done'),
		closed(),
	],
	ends: { 1: 'done' },
};
