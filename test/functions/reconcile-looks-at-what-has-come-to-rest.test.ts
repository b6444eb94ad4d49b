/** A1: by schedule every run is reconciled once it is still, again when something is new about it, and two days later; one that moves, and another agent's, is left alone. */
import { expect, test } from 'vitest';
import { endOfHour, hourOf } from '../../core/audit/rounds.ts';
import { useOf } from '../contract/audit-contract.ts';
import { RUN } from '../doubles/driver.ts';
import { installed } from './reconciling.ts';

const HOUR_MS = 3_600_000;

test('not while it may still move; then once, until it changes', async () => {
	const { desk, ask, wait } = await installed();
	expect(await ask()).toMatchObject({ reconciled: 0 });
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 0 });
	expect(await ask()).toMatchObject({ reconciled: 0 });
	desk.state.chains.set(RUN, (desk.state.chains.get(RUN) ?? []).slice(0, -1));
	expect(await ask()).toMatchObject({ reconciled: 1 });
});

test('once more when its hour is over, and two days later; then never again', async () => {
	const { ask, wait, now, restarted } = await installed();
	wait(endOfHour(hourOf(now())) - now() + 120_000);
	expect(await ask()).toMatchObject({ reconciled: 1 });
	for (let hour = 0; hour < 47; hour += 1) {
		wait(HOUR_MS);
		expect(await restarted()()).toMatchObject({ reconciled: 0 });
	}
	wait(2 * HOUR_MS);
	expect(await ask()).toMatchObject({ reconciled: 1 });
	for (let day = 0; day < 30; day += 1) {
		wait(24 * HOUR_MS);
		expect(await restarted()()).toMatchObject({ reconciled: 0 });
	}
});

test('a witness that comes late, however late, has its run reconciled again', async () => {
	const { witness, ask, wait } = await installed();
	wait(100 * HOUR_MS);
	expect(await ask()).toMatchObject({ findings: 0 });
	wait(24 * HOUR_MS);
	await witness(useOf('event-0002', { about: RUN }));
	wait(2 * HOUR_MS);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 1, raised: 1 });
});

test('another agents runs are its own function’s', async () => {
	const { ask, wait } = await installed({ agent: 'somebody-else' });
	wait(100 * HOUR_MS);
	expect(await ask()).toMatchObject({ reconciled: 0 });
});

test('a session of a run that has no ledger is found, and raised once', async () => {
	const { witness, ask, told, wait } = await installed();
	wait(120_000);
	await witness(useOf('event-0001', { about: 'no-such-run' }));
	expect(await ask()).toMatchObject({ reconciled: 2, findings: 1, raised: 1 });
	expect(told).toEqual(['unattributed-action']);
	wait(1);
	expect(await ask()).toMatchObject({ reconciled: 1, findings: 1, raised: 0 });
});

test('an entry that claims to come from the future keeps its run from no reconciling', async () => {
	const { desk, ask, wait } = await installed();
	const chain = desk.state.chains.get(RUN) ?? [];
	const last = chain.at(-1);
	if (!last) throw new Error('the run is empty');
	desk.state.chains.set(RUN, [...chain.slice(0, -1), { ...last, body: last.body.replace(/"at":\d+/, '"at":99999999999999') }]);
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 1 });
});

test('something that never rests is reconciled once a day, two days late', async () => {
	const { moved, ask, wait, now } = await installed();
	wait(120_000);
	expect(await ask()).toMatchObject({ reconciled: 1 });
	const lastHours = new Set<string>();
	let visits = 0;
	for (let quarter = 0; quarter < 4 * 24 * 6; quarter += 1) {
		const hour = hourOf(now());
		if (hour.endsWith('T23')) lastHours.add(hour);
		await moved.note(RUN, hour);
		visits += (await ask()).reconciled;
		wait(HOUR_MS / 4);
	}
	expect(lastHours.size).toBeGreaterThan(4);
	expect(visits).toBe([...lastHours].filter((hour) => endOfHour(hour) + 48 * HOUR_MS < now()).length);
});

test('one run, asked for, at once, and as often as it is asked for', async () => {
	const { audit, ask } = await installed();
	expect(await ask({ run: RUN })).toMatchObject({ reconciled: 1, findings: 0 });
	await audit.witnesses.put(useOf('event-0002', { about: RUN }));
	expect(await ask({ run: RUN })).toMatchObject({ reconciled: 1, findings: 1, raised: 1 });
});
