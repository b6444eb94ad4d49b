/** A run longer than a query, with checkpoints at places one knows. */
import { checkpoint, done, type Golden, granted, intent, tellOn, told } from '../doubles/ledger-builder.ts';

/** `turns` turns of one read each; after every tenth a checkpoint. Each turn is three entries. */
export function longRun(turns = 43): Golden {
	let golden = told();
	for (let turn = 1; turn <= turns; turn += 1) {
		const fact = { type: 'Order', id: `o-${turn % 7}`, attributes: { turn } };
		golden = tellOn(golden, intent('orders.find'), granted(turn, 'read'), done(turn, { facts: [fact] }));
		if (turn % 10 === 0) golden = tellOn(golden, checkpoint(turn % 20 === 0 ? { memory: { turn } } : {}));
	}
	return golden;
}
