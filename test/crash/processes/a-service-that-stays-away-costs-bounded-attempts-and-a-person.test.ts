/**
 * S4, S5: services that are gone in the midst of the work, and stay away, are what nobody can conclude anything from. What
 * was begun is tried a bounded number of times, then a person's, and the run comes to its end once they are back.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ATTEMPTS_PER_STEP, LOOKUPS_PER_STEP } from '../../../core/bounds.ts';
import type { StepState } from '../../../core/ledger/state.ts';
import { findings } from './checker.ts';
import { watchLedger } from './ledger-watch.ts';
import { ledgersOf } from './ledgers.ts';
import { nothingAnswered, workToTheEnd } from './person.ts';
import { leftBehindBy } from './signals.ts';
import { atSite, type Site } from './site.ts';

const RUN = 't-07-all-at-once';
const AWAY = ['payments', 'carrier', 'mail'] as const;
const POLL_MS = 10;

test('a refund that is tried five times, a recall that is asked about four times, and a mail', async () => {
	await atSite(
		async (site) => {
			await workWhileTheyAreAway(site);
			const refund = await stepOf(site, 'payments.refund');
			expect(refund.attempts.length).toBe(ATTEMPTS_PER_STEP);
			expect(refund.attempts.filter(({ end }) => end !== null)).toEqual([]);
			expect(refund.hold?.for).toBe('doubt');
			const recall = await stepOf(site, 'carrier.recall');
			expect(recall.attempts.map(({ end }) => end)).toEqual([null]);
			expect(recall.lookups).toBe(LOOKUPS_PER_STEP);
			expect(recall.hold?.for).toBe('doubt');
			// Needs nobody outside.
			expect((await stepOf(site, 'credits.grant')).end?.result).toBe('done');

			for (const service of AWAY) await site.services.up(service);
			const answered = nothingAnswered();
			await workToTheEnd(site, answered);
			for (const tool of ['payments.refund', 'carrier.recall'])
				expect((await stepOf(site, tool)).end, tool).toMatchObject({ result: 'failed', by: 'person' });
			// On a slow machine a mail may be cut off; then it is a person's too, and `findings` has compared their word with the out-box.
			const { end } = await stepOf(site, 'mail.send');
			expect(end).toMatchObject(end?.by === 'person' ? {} : { result: 'done', by: 'tool' });
			expect(answered.settledDone + answered.settledFailed).toBe(end?.by === 'person' ? 3 : 2);
			expect((await findings(site, { runs: [RUN], taken: answered.taken })).off).toEqual([]);
			expect(await leftBehindBy(site.directory)).toEqual([]);
		},
		{ runs: [RUN] },
	);
});

/** They go when the order has been read, before anything is done about it. */
async function workWhileTheyAreAway(site: Site): Promise<void> {
	const watch = watchLedger(site);
	const host = site.begin(site.workOnAllTickets);
	try {
		while (watch.outcomes() === 0) await pause(POLL_MS);
		await Promise.all(AWAY.map((service) => site.services.down(service)));
	} finally {
		watch.close();
	}
	await host.ended;
}

async function stepOf({ directory }: Site, tool: string): Promise<StepState> {
	const [told] = await ledgersOf(directory);
	const steps = told?.check.is === 'whole' ? [...told.check.steps.values()] : [];
	const found = steps.find((step) => step.tool === tool);
	if (!found) throw new Error(`there is no step of ${tool}`);
	return found;
}
