/** Executions that are stopped in the middle. */
import { effectsOf } from '../../../local/demo/outside.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import { tellingProxy } from '../proxy/control.ts';
import { type Copy, ticketOf } from '../world/copies.ts';
import type { EmulatedDesk } from './emulated-desk.ts';
import { killWorkers } from './workers.ts';

export function stopping({ account, desk }: { account: EmulatedAccount; desk: EmulatedDesk }) {
	const proxy = tellingProxy(account.control);
	const refundsOf = (run: string): number =>
		effectsOf(account.worldDirectory).filter((one) => one.run === run && one.tool === 'payments.refund').length;

	/** Stops a ticket's execution, and the steps under it, with a refund made that nobody was told of. */
	const stoppedInTheMidst = async (copy: Copy): Promise<string> => {
		const task = ticketOf('t-01-small-refund', copy);
		const report = await proxy.interfere({
			service: 'lambda',
			operation: 'Invoke',
			says: `"ask":"report","run":"${task.id}"`,
			caller: '/throughline-dev-refund-desk_payments_refund',
			do: { is: 'hold', when: 'before' },
		});
		await desk.open(task.id, task);
		await desk.until('the refund is made', async () => ((await report.standing()).waiting > 0 ? true : undefined));
		const [running] = await desk.executions('AgentRunMachine', `${task.id}-0`);
		await desk.stop(running?.executionArn ?? '');
		killWorkers(account.group, (name) => name === 'refund-desk_payments_refund');
		await desk.until('the killed process is gone', async () => ((await report.standing()).gone > 0 ? true : undefined));
		await report.lift();
		return task.id;
	};
	return { stoppedInTheMidst, refundsOf };
}
