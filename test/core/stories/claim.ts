import { closed, denied, done, failed, granted, intent } from '../../doubles/ledger-builder.ts';
import { manual, type Story } from './story.ts';

/** Two refunds of one charge: while the first holds the key the second is denied; after it failed the third claims it anew. */
export const claimPassesOn: Story = {
	tool: manual,
	lines: [
		intent('payments.refund', 'payments.refund'),
		granted(1, 'manual', { claim: { key: 'charge-1', n: 1 } }),
		denied(2, 'claimed', 'manual'),
		failed(1),
		intent('payments.refund'),
		granted(3, 'manual', { claim: { key: 'charge-1', n: 2 } }),
		done(3),
		closed(),
	],
	ends: { 1: 'failed', 2: 'denied', 3: 'done' },
};
