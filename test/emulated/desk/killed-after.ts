/** Opens a ticket and kills a tool's worker once its effect stands and before its guard was told: the proxy holds its report. */
import { expect } from 'vitest';
import type { EmulatedAccount } from '../emulated-account.ts';
import { tellingProxy } from '../proxy/control.ts';
import { type Copy, ticketOf } from '../world/copies.ts';
import type { EmulatedDesk } from './emulated-desk.ts';
import { killWorkers } from './workers.ts';

export type Killing = {
	readonly account: EmulatedAccount;
	readonly desk: EmulatedDesk;
	/** Done while the report is held, before the kill. */
	readonly first?: (run: string) => Promise<void>;
};

/** Answers the run's id. */
export async function killedAfter(
	tool: string,
	{ ticket, copy }: { ticket: string; copy: Copy },
	{ account, desk, first }: Killing,
): Promise<string> {
	const task = ticketOf(ticket, copy);
	const functionName = `refund-desk_${tool.replace('.', '_')}`;
	const report = await tellingProxy(account.control).interfere({
		service: 'lambda',
		operation: 'Invoke',
		says: `"ask":"report","run":"${task.id}"`,
		caller: `/${account.outputs.NamePrefix}${functionName}`,
		// Of its reports, the first.
		do: { is: 'hold', when: 'before' },
	});
	await desk.open(task.id, task);
	await desk.until(`${tool} of ${task.id} reports`, async () => ((await report.standing()).waiting > 0 ? true : undefined));
	await first?.(task.id);
	expect(killWorkers(account.group, (name) => name === functionName)).toBeGreaterThan(0);
	await desk.until('the killed process is gone', async () => ((await report.standing()).gone > 0 ? true : undefined));
	await report.lift();
	return task.id;
}
