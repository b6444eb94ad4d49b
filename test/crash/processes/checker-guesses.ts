/**
 * S4 from the entries alone: who said how an attempt ended, and whether they were in a position to. That what they said
 * was true is checked against the journals; this finds a guess that happened to be right.
 */
import type { Entry, EntryOf } from '../../../core/ledger/entry.ts';
import type { Told } from './ledgers.ts';
import type { Off } from './off.ts';

export function offAboutGuesses({ run, check }: Told): Off[] {
	if (check.is === 'broken') return [];
	const effects = new Map(check.entries.flatMap((entry) => (entry.kind === 'decision' ? [[entry.step, entry.effect] as const] : [])));
	return check.entries.flatMap((entry, index) => {
		if (entry.kind !== 'outcome') return [];
		const why = guessed(entry, effects.get(entry.step), check.entries.slice(0, index));
		return why === undefined ? [] : [{ is: 'guessed', what: `${run} step ${entry.step}: ended ${entry.result} by ${entry.by}, ${why}` }];
	});
}

function guessed(outcome: EntryOf<'outcome'>, effect: string | undefined, before: readonly Entry[]): string | undefined {
	const decisions = before.flatMap((entry) => (entry.kind === 'decision' && entry.step === outcome.step ? [entry] : []));
	switch (outcome.by) {
		case 'tool':
			return decisions.some(({ attempt }) => attempt === outcome.attempts[0]) ? undefined : 'which had no such attempt';
		case 'guard':
			// A freeze between record and hand-out ends an attempt that nobody was given.
			return effect === 'read' || effect === 'transaction' || outcome.reason === 'frozen' ? undefined : `who can't know of a ${effect}`;
		case 'target': {
			const asked = decisions.findLast(({ asks }) => asks)?.asks ?? [];
			return effect === 'lookup' && outcome.attempts.every((attempt) => asked.includes(attempt))
				? undefined
				: 'which was not asked about it';
		}
		case 'person': {
			const granted = decisions.findLast(({ attempt }) => attempt !== undefined)?.place ?? 0;
			return decisions.some(({ hold, place }) => hold?.for === 'doubt' && place > granted) ? undefined : 'who was not asked about it';
		}
	}
}
