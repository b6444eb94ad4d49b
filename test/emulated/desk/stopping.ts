/** Executions that are stopped in the middle. */
import { effectsOf } from '../../../local/demo/outside.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import type { Copy } from '../world/copies.ts';
import type { EmulatedDesk } from './emulated-desk.ts';
import { killedAfter } from './killed-after.ts';

export function stopping({ account, desk }: { account: EmulatedAccount; desk: EmulatedDesk }) {
	const refundsOf = (run: string): number =>
		effectsOf(account.worldDirectory).filter((one) => one.run === run && one.tool === 'payments.refund').length;

	/** Stops a ticket's execution, and the steps under it, with a refund made that nobody was told of. */
	const stoppedInTheMidst = (copy: Copy): Promise<string> =>
		killedAfter(
			'payments.refund',
			{ ticket: 't-01-small-refund', copy },
			{
				account,
				desk,
				first: async (run) => {
					const [running] = await desk.executions('AgentRunMachine', `${run}-0`);
					await desk.stop(running?.executionArn ?? '');
				},
			},
		);
	return { stoppedInTheMidst, refundsOf };
}
