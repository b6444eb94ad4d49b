/** docs/cost.md is what the script counts today: a request, a write or a transition more changes the page. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idle, ours, total } from '../../bench/cost/bill.ts';
import { assumed, prices } from '../../bench/cost/inputs.ts';
import { writtenAnew, writtenBefore } from '../../bench/cost/main.ts';
import { measure } from '../../bench/cost/measured.ts';
import { costPage } from '../../bench/cost/page.ts';

test('the page is what is counted', { timeout: 120_000 }, async () => {
	expect(await writtenAnew()).toBe(writtenBefore());
});

test('what the page says of a small step holds: seven transitions, four invocations, three writes and a checkpoint now and then', {
	timeout: 60_000,
}, async () => {
	const plain = await measure('plain');
	expect(plain.transitions / plain.steps).toBeCloseTo(7, 1);
	const counts = Object.values(plain.roles);
	expect(counts.reduce((sum, { invocations }) => sum + invocations, 0) / plain.steps).toBeCloseTo(4, 1);
	const puts = counts.reduce((sum, { dynamodb }) => sum + (dynamodb.requests.PutItem ?? 0), 0);
	expect(puts / plain.steps).toBeGreaterThan(3);
	expect(puts / plain.steps).toBeLessThan(3.1);
	expect(plain.roles.guard.sessions).toBe(plain.steps);

	const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
	const [steps, month] = [total(ours(plain, assumed), prices), total(idle(assumed), prices)].map((usd) => `$${usd.toFixed(2)}`);
	expect(readme).toContain(`${steps} for 1,000 steps and ${month} a month idle`);

	// Control: a write more a step is a bill that is higher, and a page that is another.
	const { guard } = plain.roles;
	const dearer = {
		...plain,
		roles: { ...plain.roles, guard: { ...guard, dynamodb: { ...guard.dynamodb, writeUnits: guard.dynamodb.writeUnits + 1_000 } } },
	};
	expect(total(ours(dearer, assumed), prices)).toBeGreaterThan(total(ours(plain, assumed), prices));
	expect(costPage({ measured: [dearer], prices, assumed })).not.toBe(costPage({ measured: [plain], prices, assumed }));
});
