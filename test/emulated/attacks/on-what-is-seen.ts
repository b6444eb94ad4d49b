/** Attacks on what reaches the audit: events that don't come, or come late. */
import { type EmulatedAttack, reportOf, stepOf } from './scene.ts';

const LETTER = 'mail.send';

export const onWhatIsSeen: Readonly<Record<string, EmulatedAttack>> = {
	'an effect claimed and never seen': {
		ticket: 't-09-recall',
		does: async ({ run, finished, audit }) => {
			await audit.proxy.withhold('"carrier.refund-desk"', run);
			return { cause: `step ${stepOf(await finished(), 'carrier.recall')}` };
		},
	},
	'a commit claimed and never seen': {
		ticket: 't-07-all-at-once',
		does: async ({ run, finished, audit }) => {
			await audit.proxy.withhold('"TransactWriteItems"', '-commit/', run);
			return { cause: `step ${stepOf(await finished(), 'credits.grant')}` };
		},
	},
	'an outcome contradicted by a late witness': {
		ticket: 't-10-too-old',
		does: async ({ run, open, desk, audit, ledger }) => {
			// The letter goes out; its tool never gets to say so, and what the mail service saw is late.
			const silenced = await audit.proxy.interfere({ ...reportOf(run, LETTER), times: 64, do: { is: 'drop', when: 'before' } });
			const late = await audit.proxy.withhold('"mail.refund-desk"', '"SendMessage"', run);
			await open();
			const step = (await desk.waits(run, 'doubt')) ?? 0;
			await silenced.lift();
			await desk.answer(run, { is: 'failed', step, note: 'nothing in the out-box' });
			await desk.finished(run);
			await audit.untilAbsenceCounts((await ledger()).entries.at(-1)?.at ?? 0);
			await audit.delivered(run);
			if ((await audit.reconcile(run)).findings > 0) throw new Error('found before the witness came');
			await late.release();
			return { cause: `step ${step}` };
		},
	},
	'witnesses withheld': {
		ticket: 't-09-recall',
		does: async ({ run, finished, audit }) => {
			for (const step of [2, 3]) await audit.proxy.withhold('"AssumeRole"', `"${run}.${step}.1"`);
			await finished();
			return { cause: 'sessions never seen' };
		},
	},
	'everything of a step withheld': {
		ticket: 't-09-recall',
		does: async ({ run, finished, audit }) => {
			await audit.proxy.withhold(`${run}.2.1"`);
			await finished();
			return { cause: 'sessions never seen' };
		},
	},
	'the trail silent': {
		ticket: 't-10-too-old',
		does: async ({ run, finished, audit }) => {
			await audit.proxy.withhold(run);
			await finished();
			return { cause: 'sessions never seen' };
		},
	},
};
