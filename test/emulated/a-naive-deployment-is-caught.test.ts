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
import { killedAfter } from './desk/killed-after.ts';

test('a refund under another key each time is made twice, and found', async () => {
	const emulated = inject('emulated');
	const agents = alteredAgents(join(emulated.directory, 'naive'), {
		file: 'refund-desk/tools/payments-refund.ts',
		from: 'context.idempotencyKey',
		to: 'crypto.randomUUID()',
	});
	const { endpoint, directory, settings } = emulated;
	const deploying = { endpoint, directory, settings, agents, stage: 'naive' };
	const account = { ...emulated, outputs: await deploy(deploying, await synthesize(deploying)) };
	const desk = await emulatedDesk(account);
	const run = await killedAfter('payments.refund', { ticket: 't-01-small-refund', copy: 'naive' }, { account, desk });
	await desk.finished(run);
	expect(effectsOf(account.worldDirectory).filter((effect) => effect.run === run && effect.tool === 'payments.refund')).toHaveLength(2);
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([
		`${run} step 2 payments.refund: done 2 times`,
	]);
});
