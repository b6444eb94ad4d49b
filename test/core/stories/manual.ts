import { after, closed, done, granted, held, intent, personSays, resumed } from '../../doubles/ledger-builder.ts';
import { judged, manual, type Story, WAIT_MS } from './story.ts';

/** Nobody can know but a person, who says that the letter was posted. */
export const manualDone: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		granted(1, 'manual'),
		resumed(),
		judged({ is: 'in-doubt', attempts: [1], waitMs: WAIT_MS }),
		judged({ is: 'hold', for: 'doubt' }, { waitedFor: [1], afterMs: WAIT_MS }),
		after(WAIT_MS, held(1, 'doubt')),
		judged({ is: 'held', for: 'doubt' }),
		judged({ is: 'held', for: 'doubt' }, { waitedFor: [1] }),
		personSays(1, 'done'),
		resumed('answer'),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** A person says that it was not: the step has failed, and the planner may propose another. */
export const manualFailed: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		granted(1, 'manual'),
		after(WAIT_MS, held(1, 'doubt')),
		personSays(1, 'failed'),
		intent('mail.send'),
		granted(2, 'manual'),
		done(2),
		closed(),
	],
	ends: { 1: 'failed', 2: 'done' },
};

/** The tool was only slow: its own late report settles what a person was asked. */
export const manualReportedLate: Story = {
	tool: manual,
	lines: [
		intent('mail.send'),
		granted(1, 'manual'),
		resumed(),
		after(WAIT_MS, held(1, 'doubt')),
		done(1),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'done' },
};
