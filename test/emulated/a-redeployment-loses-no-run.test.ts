/** Changed code is deployed while one run waits for a person and another for what may still act. Both go on, under the new code. */
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readJournal } from '../../agents/refund-desk/world/start.ts';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { outsideOf } from '../acceptance/tickets.ts';
import { alteredAgents } from './deployment/altered-agents.ts';
import { deploy, synthesize } from './deployment/deploy.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { killedAfter } from './desk/killed-after.ts';
import { ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);

test('a redeployment in the middle of two runs', async () => {
	const agents = alteredAgents(join(account.directory, 'altered'), {
		file: 'refund-desk/letter.ts',
		from: "'Your refund desk'",
		to: "'Your new refund desk'",
	});
	const deploying = { endpoint: account.endpoint, directory: account.directory, settings: account.settings, agents };
	const assembly = await synthesize(deploying);

	const asks = ticketOf('t-02-needs-approval', 'redeploy');
	await desk.open(asks.id, asks);
	const step = await desk.waits(asks.id, 'approval');
	const doubts = await killedAfter('carrier.recall', { ticket: 't-09-recall', copy: 'redeploy' }, { account, desk });

	expect(await deploy(deploying, assembly)).toEqual(account.outputs);

	expect(await desk.approve(asks.id, step ?? 0)).toMatchObject({ body: { is: 'recorded' } });
	await desk.finished(asks.id);
	const { done } = await desk.finished(doubts);
	expect(done.find(({ tool }) => tool === 'carrier.recall')).toMatchObject({ outcome: 'done', by: 'target' });
	expect(outsideOf(account.worldDirectory, asks.id)).toEqual(['payments.refund 129.00 EUR', 'mail.send bruno@example.com']);
	expect(outsideOf(account.worldDirectory, doubts)).toEqual(['carrier.recall TRK-1008-redeploy', 'mail.send hugo@example.com']);
	const letters = readJournal(account.worldDirectory, 'mail').flatMap((line) => (line.kind === 'sent' ? [line] : []));
	const since = letters.filter(({ by }) => [asks.id, doubts].includes(by?.sessionName.split('.')[0] ?? ''));
	expect(since.map(({ body }) => body.includes('Your new refund desk'))).toEqual([true, true]);
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});
