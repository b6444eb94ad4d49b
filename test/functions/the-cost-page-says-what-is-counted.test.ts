/** docs/cost.md is what the script counts today: a request, a write or a transition more changes the page. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auditIdle, auditKept, auditOf } from '../../bench/cost/audit-bill.ts';
import { audited } from '../../bench/cost/audited.ts';
import { idle, ours, total } from '../../bench/cost/bill.ts';
import { assumed, prices } from '../../bench/cost/inputs.ts';
import { writtenAnew, writtenBefore } from '../../bench/cost/main.ts';
import { played } from '../../bench/cost/measured.ts';
import { costPage } from '../../bench/cost/page.ts';

test('the page is what is counted', { timeout: 120_000 }, async () => {
	expect(await writtenAnew()).toBe(writtenBefore());
});

test('what the page says of a small step holds: seven transitions, four invocations, three writes and a checkpoint now and then', {
	timeout: 120_000,
}, async () => {
	const run = await played('plain');
	const plain = run.measured;
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

	const audit = await audited(run, assumed.audit.entriesPerInvocation);
	const auditing = { measured: plain, audited: audit, assumed };
	const withAudit = [
		total(ours(plain, assumed), prices) + total(auditOf(auditing), prices),
		total(idle(assumed), prices) + total(auditIdle(assumed), prices),
	].map((usd) => `$${usd.toFixed(2)}`);
	expect(readme).toContain(`with the audit ${withAudit.join(' and ')}`);
	// An object an entry, a session a step; three puts a witness, and what moved once for all.
	expect(audit.archive.s3Puts).toBe(audit.entries);
	expect(audit.issues).toBe(plain.steps);
	expect(audit.ingest.requests.PutItem).toBeLessThan(3 * audit.issues + 10);
	expect(audit.comparing.s3Gets).toBe(audit.entries);
	expect(audit.visit.requests.Query).toBeLessThan(plain.steps / 10);

	// Control: a write more a step is a bill that is higher, and a page that is another.
	const { guard } = plain.roles;
	const dearer = {
		...plain,
		roles: { ...plain.roles, guard: { ...guard, dynamodb: { ...guard.dynamodb, writeUnits: guard.dynamodb.writeUnits + 1_000 } } },
	};
	expect(total(ours(dearer, assumed), prices)).toBeGreaterThan(total(ours(plain, assumed), prices));
	const page = { measured: [plain], audited: audit, prices, assumed } as const;
	expect(costPage({ ...page, measured: [dearer] })).not.toBe(costPage(page));
	// Control: an object more an entry, or another visit of a run, costs more as well.
	const busier = { ...audit, archive: { ...audit.archive, s3Puts: 2 * audit.archive.s3Puts } };
	expect(total(auditOf({ ...auditing, audited: busier }), prices)).toBeGreaterThan(total(auditOf(auditing), prices));
	const often = { ...assumed, audit: { ...assumed.audit, visitsPerRun: 40 } };
	expect(total(auditOf({ ...auditing, assumed: often }), prices)).toBeGreaterThan(total(auditOf(auditing), prices));
	expect(total(auditKept(auditing), prices)).toBeGreaterThan(0);
});
