import { checkpoint, closed, denied, done, granted, intent, resumed, superseded } from '../../doubles/ledger-builder.ts';
import { judged, read, type Story } from './story.ts';

/** A read was cut off: it changed nothing, so it is granted again at once. */
export const readCutOff: Story = {
	tool: read,
	lines: [
		intent('orders.find'),
		judged({ is: 'grant', attempt: 1 }),
		granted(1, 'read'),
		resumed(),
		judged({ is: 'fenced' }, { epoch: 0 }),
		judged({ is: 'grant', attempt: 2 }),
		granted(1),
		done(1, { attempts: [2], facts: [{ type: 'Order', id: 'o-1', attributes: { paid: true } }] }),
		judged({ is: 'ended' }),
		// The zombie reports too: evidence, and no contradiction.
		done(1, { attempts: [1] }),
		checkpoint({ memory: 'found it' }),
		closed(),
	],
	ends: { 1: 'done' },
};

/** Denied while a read is open: that attempt ends first, so that no denial stands over it. */
export const readDeniedWhileOpen: Story = {
	tool: read,
	lines: [
		intent('orders.find'),
		granted(1, 'read'),
		resumed(),
		judged({ is: 'end-open', attempts: [1] }, { opinion: 'deny' }),
		superseded(1),
		judged({ is: 'deny' }, { opinion: 'deny' }),
		denied(1),
		closed(),
	],
	ends: { 1: 'denied' },
};
