/** Attacks on the ledger's table, by an administrator. Those that AWS did not see are made so by events that never come. */
import { edited, rechained } from '../../core/audit/run-with-trail.ts';
import { type EmulatedAttack, type Ledger, placeOf, type Scene } from './scene.ts';

/** Whatever the administrator does to this run's entries is lost on its way. */
const unseen = ({ run, audit }: Scene, operation: string) => audit.proxy.withhold(`"${operation}"`, ':root"', `run#${run}"`);
const last = ({ stored }: Ledger): number => stored.length - 1;
const from = (place: number, { stored }: Ledger): number[] => stored.filter((one) => one.place >= place).map((one) => one.place);

export const onTheLedger: Readonly<Record<string, EmulatedAttack>> = {
	'an entry edited': {
		ticket: 't-10-too-old',
		does: async ({ finished, attacker }) => {
			const ledger = await finished();
			const place = placeOf(ledger, 'outcome');
			const changed = edited(ledger.stored, place, (entry) => ({ ...entry, at: Number(entry.at) + 1 }));
			await attacker.overwrite(...changed.filter((one) => one.place === place));
			return { cause: `place ${place}` };
		},
	},
	'a decision edited to name another session': {
		ticket: 't-10-too-old',
		does: async ({ finished, attacker }) => {
			const ledger = await finished();
			const place = placeOf(ledger, 'decision');
			const other = (entry: Record<string, unknown>) => ({ ...entry, grant: { ...(entry.grant as object), accessKeyId: 'ASIAOTHER' } });
			await attacker.overwrite(...edited(ledger.stored, place, other).filter((one) => one.place === place));
			return { cause: `place ${place}` };
		},
	},
	'an entry deleted': {
		ticket: 't-10-too-old',
		does: async (scene) => {
			await unseen(scene, 'DeleteItem');
			const place = placeOf(await scene.finished(), 'decision', 2);
			await scene.attacker.remove(scene.run, place);
			return { cause: `place ${place}` };
		},
	},
	'an entry replaced by a put without condition, seen by AWS alone': {
		ticket: 't-10-too-old',
		does: async ({ finished, attacker }) => {
			const ledger = await finished();
			// By the very same bytes: whatever it was before, nothing in the table tells.
			await attacker.overwrite(...ledger.stored.slice(-1));
			return { cause: `place ${last(ledger)}` };
		},
	},
	'an entry deleted, seen by AWS and missing': {
		ticket: 't-10-too-old',
		does: async ({ run, finished, attacker }) => {
			const place = placeOf(await finished(), 'outcome');
			await attacker.remove(run, place);
			return { cause: `place ${place}` };
		},
	},
	'the tail cut off': {
		ticket: 't-09-recall',
		does: async (scene) => {
			await unseen(scene, 'DeleteItem');
			const ledger = await scene.finished();
			const tail = from(placeOf(ledger, 'decision', 1), ledger);
			await scene.attacker.remove(scene.run, ...tail);
			return { archived: tail };
		},
	},
	'a forged continuation': {
		ticket: 't-10-too-old',
		does: async (scene) => {
			await unseen(scene, 'PutItem');
			const ledger = await scene.finished();
			const place = placeOf(ledger, 'outcome');
			const forged = rechained(
				edited(ledger.stored, place, (entry) => ({ ...entry, at: Number(entry.at) + 1 })),
				place,
			);
			await scene.attacker.overwrite(...forged.filter((one) => one.place >= place));
			return { archived: from(place, ledger) };
		},
	},
};
