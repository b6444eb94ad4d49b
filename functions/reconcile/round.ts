/**
 * A round over what has moved, hour by hour. An hour is gone through when it is over and what was seen of it should have come,
 * and once more two days later, when what came late has; how far both have come is durable, so any process goes on, and an hour
 * that is behind both costs nothing any more. Hours that are not due yet are looked into as well, for what is at rest already.
 *
 * A crash anywhere in here costs the visits since the last bookmark. A finding raised twice is one finding.
 */
import * as z from 'zod';
import { LATE_MS } from '../../core/audit/coverage.ts';
import { type Bookmark, endOfHour, hourAfter, type Moved } from '../../core/audit/rounds.ts';
import { atLarge } from '../../core/audit/witness.ts';
import { jsonText } from '../../core/json-text.ts';
import { type Standing, standingOf, type VisitCounts, type VisitSurroundings, visit } from './visits.ts';

export type RoundSurroundings = Omit<VisitSurroundings, 'moved'> & {
	readonly moved: Moved;
	readonly bookmark: Bookmark;
	/** How long after something happened all that was seen of it has come. */
	readonly delayMs: number;
	/** Reconciled by this process, with the head that it had: spares the hours that are not due yet. */
	readonly known: Map<string, string>;
};

const PER_PAGE = 100;
const KNOWN = 100_000;
const RESERVE_MS = 60_000;

const mark = z.object({
	/** The last hour that is through, or is gone through. */
	hour: z.string().regex(/^(\d{4}-\d\d-\d\dT\d\d)?$/),
	/** `null`: it is through. Otherwise the last subject that is. */
	after: z.string().nullable(),
});
type Mark = z.infer<typeof mark>;
const passes = ['soon', 'late'] as const;
type Pass = (typeof passes)[number];
const position = jsonText(z.object({ soon: mark, late: mark }));
const BEGINNING: Mark = { hour: '', after: null };

/** @returns whether it came to its end. @throws what `moved` and `bookmark` throw: the next round begins at the bookmark. */
export async function round(around: RoundSurroundings, remainingMs: () => number, counts: VisitCounts): Promise<boolean> {
	// What is no position is begun anew: reconciling twice does no harm.
	const from = position.safeParse(await around.bookmark.read()).data ?? { soon: BEGINNING, late: BEGINNING };
	const hasTime = () => remainingMs() >= RESERVE_MS;
	for (const pass of passes) {
		const keep = (at: Mark): Promise<void> => {
			from[pass] = at;
			return around.bookmark.put(JSON.stringify(from));
		};
		if (!(await walk(pass, from[pass], { around, counts, hasTime, keep }))) return false;
	}
	return lookAhead(from.soon, { around, counts, hasTime });
}

type Walking = { readonly around: RoundSurroundings; readonly counts: VisitCounts; readonly hasTime: () => boolean };

async function walk(pass: Pass, from: Mark, walking: Walking & { keep: (at: Mark) => Promise<void> }): Promise<boolean> {
	const { around, counts, hasTime, keep } = walking;
	const { moved, now, delayMs } = around;
	let at = from;
	for (;;) {
		const [next] = at.after === null ? await moved.hours({ after: at.hour, limit: 1 }) : [at.hour];
		if (next === undefined || endOfHour(next) + (pass === 'late' ? LATE_MS : delayMs) > now()) return true;
		let after = at.hour === next && at.after !== null ? at.after : '';
		for (;;) {
			const page = await moved.during(next, { after, limit: PER_PAGE });
			for (const subject of page) {
				if (!hasTime()) {
					await keep({ hour: next, after });
					return false;
				}
				if (await isDue(subject, { hour: next, pass }, around)) await visit(subject, around, counts);
				after = subject;
			}
			if (page.length < PER_PAGE) break;
			await keep({ hour: next, after });
		}
		at = { hour: next, after: null };
		await keep(at);
	}
}

/**
 * What has moved in the next hour as well is visited there. Something that never rests would be visited nowhere: late, and in
 * the last hour of a day, it is. No word of the ledger's own counts here, since whoever forges an entry chooses its time.
 */
async function isDue(subject: string, { hour, pass }: { hour: string; pass: Pass }, around: RoundSurroundings): Promise<boolean> {
	// What is about the trail goes with every run.
	if (subject === atLarge.trail) return false;
	const isLast = pass === 'late' && hour.endsWith('T23');
	if (!isLast && (await around.moved.isNoted(subject, hourAfter(hour)))) return false;
	return (await readStanding(subject, around))?.is !== 'anothers';
}

/** Hours that are not due: whatever in them has rested for long enough, unless this process has reconciled it as it is. */
async function lookAhead(from: Mark, { around, counts, hasTime }: Walking): Promise<boolean> {
	const { moved, now, delayMs, known } = around;
	if (known.size > KNOWN) known.clear();
	for (let hour: string | undefined = from.hour; ; ) {
		[hour] = await moved.hours({ after: hour, limit: 1 });
		if (hour === undefined) return true;
		for (let after: string | undefined = ''; after !== undefined; ) {
			const page: string[] = await moved.during(hour, { after, limit: PER_PAGE });
			for (const subject of page) {
				if (!hasTime()) return false;
				const standing = subject === atLarge.trail ? { is: 'anothers' as const } : await readStanding(subject, around);
				if (standing?.is === 'anothers') continue;
				const head = standing?.is === 'own' ? standing.head : undefined;
				if (standing?.is === 'own' && (standing.at > now() - delayMs || known.get(subject) === head)) continue;
				if ((await visit(subject, around, counts)) === 'reconciled' && head !== undefined) known.set(subject, head);
			}
			after = page.length < PER_PAGE ? undefined : page.at(-1);
		}
	}
}

/** `undefined` for one that can't be read: visiting it says so. */
async function readStanding(subject: string, around: RoundSurroundings): Promise<Standing | undefined> {
	try {
		return await standingOf(subject, around);
	} catch {
		return undefined;
	}
}
