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

/** A trail that logs again sees what it saw; what it is set to see is said by a change of that. */
const undoes = (later: WitnessOf<'trail'>, change: WitnessOf<'trail'>): boolean =>
	later.coverage === 'on' && (later.name === 'StartLogging' || later.name === 'CreateTrail') === (change.coverage === 'off');

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
