/**
 * Controls of the checker: the guards believe what a service has promised. One that breaks its word makes the ledger
 * say what is not so, or an effect happen twice, and the journals must show it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { report } from '../crash-report.ts';
import { findings } from './checker.ts';
import { startLiar } from './liar.ts';
import { effectsOf } from './outside.ts';
import { nothingAnswered, workToTheEnd } from './person.ts';
import type { Services } from './services.ts';
import { atSite } from './site.ts';

/** Two or three tickets a lie: on a slow machine a tool may be cut off before it is told the lie. */
const runs = [
	't-01-small-refund',
	't-03-gift-card',
	't-04-ignore-your-rules',
	't-07-all-at-once',
	't-09-recall',
	't-10-too-old',
	't-11-answer-elsewhere',
];
const lies = {
	receipt: /^lost: t-(01|10)-\S+ step \d+ mail\.send: the ledger says done, and nothing was done$/,
	refusal: /^guessed: t-(07|11)-\S+ step \d+ payments\.refund: done, and the ledger says failed$/,
	twice:
		/^doubled: (t-0[34]-\S+ step \d+ mail\.send: done 2 times|mail\.send of (chloe|dmitri)@example\.com: 2 times, where the tickets ask for 1)$/,
	late: /^doubled: (t-09-recall step \d+ carrier\.recall: done \d+ times|carrier\.recall of TRK-1008: \d+ times, where the tickets ask for 1)$/,
} as const;

test('a receipt for nothing, a refusal of what was done, one thing done twice, and one long after its time', async () => {
	let honest: Services['settings'] | undefined;
	const at = (name: keyof Services['settings']) => (): string => honest?.[name] ?? '';
	let late = 0;
	// After all that could be waited for has been: when the work is over.
	const over = Promise.withResolvers<void>();
	const liars = {
		MAIL_URL: await startLiar(at('MAIL_URL'), (body) => {
			if (/(anna|ines)@/.test(body)) return { is: 'receipt', body: { message: 'msg_0' } };
			return /(chloe|dmitri)@/.test(body) ? { is: 'twice' } : { is: 'none' };
		}),
		PAYMENTS_URL: await startLiar(at('PAYMENTS_URL'), (body) => (/ch_10(06|10)/.test(body) ? { is: 'refusal' } : { is: 'none' })),
		CARRIER_URL: await startLiar(at('CARRIER_URL'), (body) => {
			if (!body.includes('TRK-1008')) return { is: 'none' };
			late += 1;
			return late === 1 ? { is: 'late', until: over.promise } : { is: 'none' };
		}),
	};
	const instead = (settings: Services['settings']) => {
		honest = settings;
		return Object.fromEntries(Object.entries(liars).map(([name, { url }]) => [name, url]));
	};
	try {
		await atSite(
			async (site) => {
				await workToTheEnd(site, nothingAnswered());
				over.resolve();
				const recalls = (): number => effectsOf(site.worldDirectory).filter(({ about }) => about === 'TRK-1008').length;
				while (recalls() < 2) await pause(50);
				const { off } = await findings(site, { runs });
				const found = off.map(({ is, what }) => `${is}: ${what}`).sort();
				for (const [lie, words] of Object.entries(lies)) expect(found, lie).toContainEqual(expect.stringMatching(words));
				expect(found.filter((line) => !Object.values(lies).some((words) => words.test(line)))).toEqual([]);
				report('processes-lies', { caught: Object.keys(lies).length, controls: Object.keys(lies), found });
			},
			{ runs, instead },
		);
	} finally {
		await Promise.all(Object.values(liars).map(({ close }) => close()));
	}
});
