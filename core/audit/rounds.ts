/**
 * What makes a round over everything cost what has moved, and not what there is: a list of what moved, by the hour in which
 * that was noticed, and a bookmark that says how far rounds have come. Both only grow: nothing in the audit's tables is replaced.
 * @see docs/spec/audit.md#rounds
 */

const HOUR_MS = 3_600_000;
const HOUR_CHARACTERS = '2026-11-23T16'.length;

/** The hour of the day, in UTC, that `at` lies in: `2026-11-23T16`. They sort as they follow each other. */
export const hourOf = (at: number): string => new Date(at).toISOString().slice(0, HOUR_CHARACTERS);
export const hourAfter = (hour: string): string => hourOf(endOfHour(hour));
export const endOfHour = (hour: string): number => Date.parse(`${hour}:00:00.000Z`) + HOUR_MS;

/** Runs, control chains and names of `atLarge`, by the hour in which it was noticed that there is something new about them. */
export interface Moved {
	/** Durable once resolved. The same again changes nothing. */
	note(subject: string, hour: string): Promise<void>;
	/** Hours in which something was noted, ascending, after `after`. Consistent. */
	hours(page: Page): Promise<string[]>;
	/** What was noted in one hour, each once and ascending, after `after`. Consistent. */
	during(hour: string, page: Page): Promise<string[]>;
	/** Whether it was noted in that hour. Consistent. */
	isNoted(subject: string, hour: string): Promise<boolean>;
}
export type Page = { readonly after?: string | undefined; readonly limit: number };

/** How far somebody's rounds have come, for the process that goes on. */
export interface Bookmark {
	/** Consistent. `undefined` before it was first put. */
	read(): Promise<string | undefined>;
	/** Durable once resolved. Of two that put it at once one is heard; the other's round is made again. */
	put(position: string): Promise<void>;
}

/** Two lists as one: whoever keeps one of them may not write to the other's table. */
export const eitherMoved = (one: Omit<Moved, 'note'>, other: Omit<Moved, 'note'>): Omit<Moved, 'note'> => ({
	hours: (page) => merged(page, one.hours(page), other.hours(page)),
	during: (hour, page) => merged(page, one.during(hour, page), other.during(hour, page)),
	isNoted: async (subject, hour) => (await one.isNoted(subject, hour)) || (await other.isNoted(subject, hour)),
});

async function merged({ limit }: Page, ...lists: Promise<string[]>[]): Promise<string[]> {
	return [...new Set((await Promise.all(lists)).flat())].sort().slice(0, limit);
}

/** A closed run, and when that was: what a queue carries until all that was seen of it has come. */
export type ClosedRun = { readonly agent: string; readonly run: string; readonly closedAt: number };
export interface ClosedRuns {
	/** Resolves without a word where nobody reconciles runs of this agent. What is lost on the way is found by a round. */
	tell(closed: ClosedRun): Promise<void>;
}
