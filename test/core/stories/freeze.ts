import { after, closed, done, frozen, granted, held, intent, personSays, thawed, withdrawn } from '../../doubles/ledger-builder.ts';
import { judged, manual, type Story, WAIT_MS } from './story.ts';

/** Everything was frozen between the guard's read and its append: it hands nothing out, and says so. */
export const frozenWhileGranting: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		judged({ is: 'grant', attempt: 1 }),
		granted(1, 'manual'),
		withdrawn(1),
		judged({ is: 'held', for: 'frozen' }, { frozen: true }),
		// Thawed: known not to have happened, so it is granted again.
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		done(1),
		closed(),
	],
	ends: { 1: 'done' },
};

/** A run is frozen while an attempt is open: its report still counts, and nothing else is granted before the thaw. */
export const frozenWhileOpen: Story = {
	tool: manual,
	lines: [
		intent('mail.send', 'mail.send', 'mail.send'),
		granted(1, 'manual'),
		granted(2, 'manual'),
		frozen(),
		judged({ is: 'held', for: 'frozen' }, { step: 3 }),
		done(1),
		judged({ is: 'held', for: 'frozen' }, { step: 2 }),
		judged({ is: 'held', for: 'frozen' }, { step: 2, waitedFor: [1] }),
		thawed(),
		judged({ is: 'grant', attempt: 1 }, { step: 3 }),
		granted(3, 'manual'),
		done(3),
		after(WAIT_MS, held(2, 'doubt')),
		personSays(2, 'failed'),
		closed(),
	],
	ends: { 1: 'done', 2: 'failed', 3: 'done' },
};
