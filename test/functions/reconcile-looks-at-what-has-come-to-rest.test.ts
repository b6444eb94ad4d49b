/** A1: by schedule every run is reconciled once it is still, then once a day or when it changes; one that moves, and another agent's, is left alone. */
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryStore } from '../../adapters/memory/store.ts';
import { epochMs } from '../../core/ids.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { useOf } from '../contract/audit-contract.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const context = { getRemainingTimeInMillis: () => 600_000 };
async function installed(agent = 'clerk') {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')]));
	const audit = memoryAudit();
	const told: string[] = [];
	let later = 0;
	const now = () => desk.clock.now() + later;
	const handler = reconcileHandler({
		...audit,
		agent,
		store: desk.operator.store,
		runs: memoryStore({ state: desk.state }).runs,
		agentOf: async () => desk.agent,
		// What was issued here is told nobody, so everything may still come.
		terms: async () => ({ regions: ['here'], watermark: { until: epochMs.parse(0), restsOn: 'stream' }, commits: 'unwitnessable' }),
		delayMs: 60_000,
		log: ({ name }) => void told.push(name),
		say: () => {},
		now,
	});
	const wait = (ms: number): void => {
		later += ms;
	};
	const ask = (event: object = {}) => handler(event as never, context as never);
	return { desk, audit, ask, told, wait };
}

test('not while it may still move; then once, until it changes', async () => {
	const { desk, ask, wait } = await installed();
	expect(await ask()).toMatchObject({ reconciled: 0 });
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 0 });
	expect(await ask()).toMatchObject({ reconciled: 0 });
	desk.state.chains.set(RUN, (desk.state.chains.get(RUN) ?? []).slice(0, -1));
	expect(await ask()).toMatchObject({ reconciled: 1 });
});

test('again after a day, since what was seen of it may have come late', async () => {
	const { audit, ask, wait } = await installed();
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 0 });
	await audit.witnesses.put(useOf('event-0002', { about: RUN }));
	wait(23 * 3_600_000);
	expect(await ask()).toMatchObject({ reconciled: 0 });
	wait(3_600_000);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 1, raised: 1 });
});

test('another agents runs are its own function’s', async () => {
	const { ask, wait } = await installed('somebody-else');
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 0 });
});

test('a session of a run that has no ledger is found, and raised once', async () => {
	const { audit, ask, told, wait } = await installed();
	wait(120_000);
	await audit.witnesses.put(useOf('event-0001', { about: 'no-such-run' }));
	expect(await ask()).toMatchObject({ reconciled: 2, findings: 1, raised: 1 });
	expect(told).toEqual(['unattributed-action']);
	wait(1);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 1, raised: 0 });
});

test('one run, asked for, at once, and as often as it is asked for', async () => {
	const { audit, ask } = await installed();
	expect(await ask({ run: RUN })).toMatchObject({ reconciled: 1, findings: 0 });
	await audit.witnesses.put(useOf('event-0002', { about: RUN }));
	expect(await ask({ run: RUN })).toMatchObject({ reconciled: 1, findings: 1, raised: 1 });
});
