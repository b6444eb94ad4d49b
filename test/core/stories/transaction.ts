import { closed, committed, granted, intent, resumed, superseded } from '../../doubles/ledger-builder.ts';
import { judged, type Story, transaction } from './story.ts';

/** A transaction was cut off: nothing is written unless the guard commits it, so another attempt does no harm. */
export const transactionCutOff: Story = {
	tool: transaction,
	lines: [
		intent('credits.grant'),
		granted(1, 'transaction'),
		resumed(),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		committed(1, { attempts: [2] }),
		judged({ is: 'ended' }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** A condition did not hold when the guard committed: known not to have happened, and the step is granted again. */
export const transactionConditionFailed: Story = {
	tool: transaction,
	lines: [
		intent('credits.grant', 'credits.grant'),
		granted(1, 'transaction'),
		superseded(1, { reason: 'condition' }),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		committed(1),
		// Beside it, one that was fenced before its commit.
		granted(2, 'transaction'),
		resumed(),
		superseded(2, { reason: 'fenced-or-frozen' }),
		granted(2),
		committed(2),
		closed(),
	],
	ends: { 1: 'done', 2: 'done' },
};
