import { approved, closed, denied, done, granted, held, intent, refused, resumed } from '../../doubles/ledger-builder.ts';
import { judged, manual, type Story } from './story.ts';

/** A policy lets it through with a person's approval; the run ends its execution meanwhile. */
export const approvalGiven: Story = {
	tool: manual,
	lines: [
		intent('payments.refund'),
		judged({ is: 'hold', for: 'approval' }, { opinion: 'ask' }),
		held(1, 'approval', { effect: 'manual' }),
		judged({ is: 'held', for: 'approval' }, { opinion: 'ask' }),
		approved(1),
		resumed('answer'),
		judged({ is: 'grant', attempt: 1 }),
		granted(1, 'manual', { reason: 'approved' }),
		done(1),
		closed(),
	],
	ends: { 1: 'done' },
};

/** A person says no. */
export const approvalRefused: Story = {
	tool: manual,
	lines: [
		intent('payments.refund'),
		held(1, 'approval', { effect: 'manual' }),
		refused(1),
		resumed('answer'),
		judged({ is: 'deny' }, { opinion: 'deny' }),
		denied(1, 'person'),
		closed(),
	],
	ends: { 1: 'denied' },
};

/** The facts changed after the approval: it does not cover them, and the person is asked about the new ones. */
export const approvalOutdated: Story = {
	tool: manual,
	lines: [
		intent('payments.refund'),
		held(1, 'approval', { effect: 'manual' }),
		approved(1),
		judged({ is: 'hold', for: 'approval' }, { opinion: 'ask' }),
		held(1, 'approval', { shown: 'e'.repeat(64) }),
		approved(1),
		granted(1, 'manual', { reason: 'approved' }),
		done(1),
		closed(),
	],
	ends: { 1: 'done' },
};
