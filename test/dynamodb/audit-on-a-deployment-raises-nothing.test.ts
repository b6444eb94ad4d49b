/** A1: `throughline audit --outputs`: the account's ledgers beside what it keeps of the trail, judged by whoever asks. */
import { expect, test } from 'vitest';
import { dynamoCoverage, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { useOf } from '../contract/audit-contract.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { asked } from '../e2e/command.ts';
import { madeTable } from './audit-table.ts';
import { deployedAccount } from './deployed-account.ts';
import { here, localClient } from './local-store.ts';

const HOUR = 3_600_000;

test('on the stream, on files where they cover it, and every finding of both', { timeout: 120_000 }, async () => {
	const account = await deployedAccount({ agent: clerk(outsideWorld()), policies: fakePolicies(() => 'allow') });
	const { environment, stacks, file } = account;
	const WitnessesTable = await madeTable();
	const more = { 'throughline-dev-audit': { WitnessesTable, ReconcileDelaySeconds: '1200' } };
	const outputs = file('audited.json', { ...stacks, ...more });
	const there = (...words: string[]) => asked([...words, '--outputs', outputs], { environment });
	const input = file('task.json', plans([call('file.read')]));
	expect(await there('run', 'clerk', '--input', input, '--run', 'one')).toMatchObject({ code: 0 });

	const [witnesses, coverage] = [dynamoWitnesses(localClient(), WitnessesTable), dynamoCoverage(localClient(), WitnessesTable)];
	const early = await there('audit');
	expect(early.stderr).toContain("can't be told without its code");
	expect(early).toMatchObject({ code: 0, json: { runs: [{ run: 'one', restsOn: 'stream', findings: [] }], findings: [], raised: 0 } });

	await witnesses.put(useOf('event-0001', { about: 'no-such-run' }));
	const strange = { code: 1, json: { findings: [{ kind: 'unattributed-action', about: 'no-such-run', restsOn: 'stream' }], raised: 0 } };
	expect(await there('audit')).toMatchObject(strange);
	expect(await there('audit', 'no-such-run')).toMatchObject(strange);
	expect(await there('audit', 'nobody')).toMatchObject({ code: 6 });

	// Of the run's session nothing was ever seen; once its hours are read, that is firm.
	const fromMs = Date.now() - HOUR;
	for (const hour of [0, 1, 2])
		await coverage.put({
			v: 1,
			is: 'read',
			trail: 't',
			region: here.region,
			late: false,
			fromMs: fromMs + hour * HOUR,
			toMs: fromMs + (hour + 1) * HOUR,
		});
	const firm = await there('audit', 'one');
	expect(firm).toMatchObject({
		code: 1,
		json: { runs: [{ run: 'one', restsOn: 'files' }], findings: [{ kind: 'witness-gap', cause: 'sessions never seen', restsOn: 'files' }] },
	});
	expect(await asked(['audit', '--outputs', account.outputs], { environment })).toMatchObject({
		code: 6,
		json: { error: { name: 'NoAudit' } },
	});
});
