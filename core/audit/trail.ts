/** When the trail was off, or saw less: between the event that made it so and the one that undid it. */
import { type Finding, findingOf } from './finding.ts';
import type { Gap } from './terms.ts';
import { atLarge, type Copy, type Witness, type WitnessOf } from './witness.ts';

/** Gaps that the trail's own changes tell of, in order of their beginning. What begins or ends one may itself be seen late. */
export function trailGaps(witnesses: Iterable<Witness>): Gap[] {
	const changes = [...witnesses].filter((one): one is WitnessOf<'trail'> => one.kind === 'trail' && one.error === null);
	changes.sort((left, right) => left.at - right.at || (left.eventID < right.eventID ? -1 : 1));
	return changes.flatMap((change, index) => {
		if (change.coverage === 'on') return [];
		const undone = changes.slice(index + 1).find((later) => undoes(later, change));
		return [
			{
				from: change.at,
				to: undone?.at ?? Number.POSITIVE_INFINITY,
				cause: `event ${change.eventID}`,
				why: `${change.name} at ${timeOf(change.at)} by ${change.by ?? 'somebody'}; ${undone ? `undone at ${timeOf(undone.at)}` : 'not undone'}`,
				events: [change.eventID, ...(undone ? [undone.eventID] : [])],
				of: change.source === 'cloudtrail.amazonaws.com' ? 'trail' : 'stream',
			},
		];
	});
}

/**
 * What undoes a change of the trail, of its selectors, or of what carries its events: one of the same that says all is seen. A trail that
 * logs again sees what it saw.
 */
const undoing: Readonly<Record<string, readonly string[]>> = {
	StopLogging: ['StartLogging', 'CreateTrail'],
	DeleteTrail: ['StartLogging', 'CreateTrail'],
	UpdateTrail: ['UpdateTrail'],
	PutEventSelectors: ['PutEventSelectors'],
};
const carried: readonly string[] = ['PutSubscriptionFilter'];
const undoes = (later: WitnessOf<'trail'>, change: WitnessOf<'trail'>): boolean =>
	later.coverage === 'on' && (undoing[change.name] ?? carried).includes(later.name);

const timeOf = (at: number): string => new Date(at).toISOString();

/** A gap as a finding; the same one from whichever run it is found. */
export const gapFinding = (gap: Gap, restsOn: Copy): Finding =>
	findingOf({
		kind: 'witness-gap',
		about: atLarge.trail,
		cause: gap.cause,
		why: `what AWS saw is not fully known: ${gap.why}`,
		events: gap.events,
		restsOn: gap.of === 'files' ? 'files' : restsOn,
	});
