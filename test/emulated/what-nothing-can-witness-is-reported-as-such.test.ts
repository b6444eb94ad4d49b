/**
 * A1: an effect that nothing shows is neither fine nor a finding: the deployed `reconcile` counts it apart. Here a tool that says of
 * itself that nothing can witness it, and a run whose content is erased, so that nobody can say any more what should have been seen.
 */
import { join } from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, inject, test } from 'vitest';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { alteredAgents } from './deployment/altered-agents.ts';
import { deployOnly, synthesize } from './deployment/deploy.ts';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { type Copy, ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
const { endpoint, region, directory, settings } = account;
const deploying = { endpoint, directory, settings };

async function seenThrough(ticket: string, copy: Copy): Promise<string> {
	const task = ticketOf(ticket, copy);
	await desk.open(task.id, task);
	await desk.finished(task.id);
	await audit.untilAbsenceCounts((await desk.entries(task.id)).at(-1)?.at ?? 0);
	await audit.delivered(task.id);
	return task.id;
}

test('a run whose key is destroyed', async () => {
	const run = await seenThrough('t-01-small-refund', 'attack-55');
	expect(await audit.reconcile(run)).toMatchObject({ findings: 0, witnessed: 2, unwitnessable: 0 });
	const admin = dynamoClient({ endpoint, region, credentials: account.people.root });
	await admin.send(new DeleteItemCommand({ TableName: account.outputs.KeysTable, Key: { run: { S: run } } }));
	expect(await audit.reconcile(run)).toMatchObject({ findings: 0, witnessed: 0, unwitnessable: 2 });
});

test('a tool that says nothing can', async () => {
	const agents = alteredAgents(join(directory, 'unwitnessable'), {
		file: 'refund-desk/tools/mail-send.ts',
		from: "witnessedBy: () => [{ source: 'mail.refund-desk', name: 'SendMessage' }]",
		to: "witnessedBy: 'nothing'",
	});
	// Who judges a run has to know of it; the tool that acts is the same.
	await deployOnly('Audit', deploying, await synthesize({ ...deploying, agents }));
	const run = await seenThrough('t-10-too-old', 'attack-56');
	expect(await audit.reconcile(run)).toMatchObject({ findings: 0, witnessed: 0, unwitnessable: 1, open: 0 });
	expect(await audit.findings(run)).toEqual([]);
});

afterAll(() => deployOnly('Audit', deploying, account.assembly));
