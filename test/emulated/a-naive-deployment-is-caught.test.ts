/**
 * Control: an agent whose refund forgets its key, deployed beside the other and killed at the same instant. The same check,
 * over its deployed ledger and the same journals, has to find the second refund.
 */
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { effectsOf } from '../../local/demo/outside.ts';
import { alteredAgents } from './deployment/altered-agents.ts';
import { deploy, synthesize } from './deployment/deploy.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killWorkers } from './desk/workers.ts';
import { tellingProxy } from './proxy/control.ts';
import { ticketOf } from './world/copies.ts';

test('a refund under another key each time is made twice, and found', async () => {
	const account = inject('emulated');
	const agents = alteredAgents(join(account.directory, 'naive'), {
		file: 'refund-desk/tools/payments-refund.ts',
		from: 'context.idempotencyKey',
		to: 'crypto.randomUUID()',
	});
	const deploying = { endpoint: account.endpoint, directory: account.directory, settings: account.settings, agents, stage: 'naive' };
	const desk = await emulatedDesk({ ...account, outputs: await deploy(deploying, await synthesize(deploying)) });
	const task = ticketOf('t-01-small-refund', 'naive');
	const report = await tellingProxy(account.control).interfere({
		service: 'lambda',
		operation: 'Invoke',
		says: `"ask":"report","run":"${task.id}"`,
		caller: '/throughline-naive-refund-desk_payments_refund',
		do: { is: 'hold', when: 'before' },
	});
	await desk.open(task.id, task);
	await desk.until('the refund is made', async () => ((await report.standing()).waiting > 0 ? true : undefined));
	killWorkers(account.group, (name) => name === 'refund-desk_payments_refund');
	await desk.until('the killed process is gone', async () => ((await report.standing()).gone > 0 ? true : undefined));
	await report.lift();
	await desk.finished(task.id);
	expect(effectsOf(account.worldDirectory).filter(({ run, tool }) => run === task.id && tool === 'payments.refund')).toHaveLength(2);
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([
		`${task.id} step 2 payments.refund: done 2 times`,
	]);
});
