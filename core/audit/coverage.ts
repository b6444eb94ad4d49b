/**
 * What readings of the trail's own files have shown, one stretch at a time. These are facts that only grow: what was read whole stays
 * known whatever becomes of the file, so readings may come in any order, be cut off and be made again, and come to the same.
 * @see docs/spec/audit.md#coverage
 */
import * as z from 'zod';
import { canonical, sha256 } from '../ledger/chain.ts';
import { byDay, type Period, union, without } from './periods.ts';
import { type Gap, gapAt, SLACK_MS } from './terms.ts';

const HOUR_MS = 3_600_000;
/** An event is in a log file by then; AWS tells five minutes as the average. */
export const FILED_WITHIN_MS = HOUR_MS;
/** What was delivered later than that is pinned by digests of their own, for some days after. */
export const LATE_MS = 48 * HOUR_MS;

const line = (most: number) => z.string().max(most);
const time = z.int().min(0);
/** A stretch of a trail's deliveries in one region, by its digest. Times are of delivery, in milliseconds since 1970. */
const place = { v: z.literal(1), trail: line(128), region: line(32), fromMs: time, toMs: time };

export const stretch = z.discriminatedUnion('is', [
	/** Its digest is sound, every log file that it pins was read, and the witnesses are kept. `late`: a digest of late deliveries, which covers no time. */
	z.strictObject({ ...place, is: z.literal('read'), late: z.boolean() }),
	/** No sound digest covers it, though one has to be there by now. */
	z.strictObject({ ...place, is: z.literal('missing'), why: line(400) }),
	/** A log file that its digest pins could not be read, or a digest of late deliveries; events between these two times may be lost. */
	z.strictObject({ ...place, is: z.literal('faulty'), late: z.boolean(), why: line(400), eventsFromMs: time, eventsToMs: time }),
]);
export type Stretch = z.infer<typeof stretch>;
type Faulty = Extract<Stretch, { is: 'faulty' }>;

/** Orders as the ends do, and is the same for the same fact alone. */
export const rankOf = (one: Stretch): string => `${rankAt(one.toMs)}${sha256(canonical(one))}`;
/** Before every rank of what ends then: time has fifteen digits until the year 33658. */
export const rankAt = (at: number): string => `${String(at).padStart(15, '0')}#`;

/** What files say about one run: the stretches that end in `asked`, all of them. */
export type FilesSaid = { readonly asked: Period; readonly stretches: readonly Stretch[] };

export type FilesWeighed = {
	/** Everything that AWS saw of the span up to this time has been read; `undefined` where the span does not begin in what was read. */
	readonly until: number | undefined;
	/** Stretches without a sound digest, and digests whose files could not be read, whether or not they concern the span. */
	readonly missing: readonly Gap[];
	readonly faulty: readonly Gap[];
	/** Gaps that there were before, read whole since. */
	readonly closed: readonly Gap[];
};

/** What to ask for: whatever may be about events of `span` ends here. */
export const askedFor = ({ fromMs, toMs }: Period): Period => ({
	fromMs: Math.max(0, fromMs - HOUR_MS),
	toMs: toMs + LATE_MS + 2 * HOUR_MS,
});

/** @param span first and last entry of a run. Every one of `regions` has to be read: an effect may be in any. */
export function weighFiles({ asked, stretches }: FilesSaid, span: Period, regions: readonly string[]): FilesWeighed {
	const read = new Map<string, Period[]>();
	for (const region of new Set(stretches.map((one) => one.region)))
		read.set(region, union(stretches.filter((one) => one.is === 'read' && !one.late && one.region === region)));
	const gaps = gapsIn(stretches, read);
	const from = span.fromMs - SLACK_MS;
	const ends = regions.map((region) => read.get(region)?.find(({ fromMs, toMs }) => fromMs <= from && from < toMs)?.toMs);
	const until = Math.min(...ends.map((end) => (end ?? Number.NEGATIVE_INFINITY) - FILED_WITHIN_MS));
	// A fault that was not asked for may be about the span.
	const all = regions.length > 0 && asked.fromMs <= from && span.toMs + LATE_MS <= asked.toMs;
	return { until: all && Number.isFinite(until) ? until : undefined, ...gaps };
}

/** Whether absence in the span is told by files alone. */
export const filesSuffice = ({ until, missing, faulty }: FilesWeighed, { fromMs, toMs }: Period): boolean =>
	until !== undefined && until >= toMs + SLACK_MS && gapAt([...missing, ...faulty], fromMs - SLACK_MS, toMs + SLACK_MS) === undefined;

type Gaps = { readonly missing: Gap[]; readonly faulty: Gap[]; readonly closed: Gap[] };

function gapsIn(stretches: readonly Stretch[], read: ReadonlyMap<string, readonly Period[]>): Gaps {
	const gaps: Gaps = { missing: [], faulty: [], closed: [] };
	for (const all of Map.groupBy(stretches, ({ trail, region }) => `${trail} ${region}`).values()) {
		const whole = read.get(all[0]?.region ?? '') ?? [];
		missingIn(all, whole, gaps);
		const faulty = all.filter((one) => one.is === 'faulty');
		for (const same of Map.groupBy(faulty, ({ toMs, late }) => `${toMs} ${late}`).values()) {
			const healed = same.every((one) => isRead(one, { whole, all }));
			gaps[healed ? 'closed' : 'faulty'].push(faultyGap(same));
		}
	}
	return gaps;
}

/** One gap a stretch of a day, however many readings have told of parts of it. Whoever looks at a part of a longer one sees whole days of it. */
function missingIn(all: readonly Stretch[], whole: readonly Period[], { missing, closed }: Gaps): void {
	const told = all.filter((one) => one.is === 'missing');
	for (const period of union(told).flatMap(byDay)) {
		const left = without(period, whole);
		for (const part of left.length > 0 ? left : [period]) {
			const about = told.filter(({ fromMs, toMs }) => fromMs < part.toMs && part.fromMs < toMs);
			const { trail = '', region = '' } = about[0] ?? {};
			(left.length > 0 ? missing : closed).push({
				from: part.fromMs - FILED_WITHIN_MS,
				to: part.toMs,
				cause: `digests ${trail} ${region} from ${timeOf(part.fromMs)}`,
				why: `no sound digest of trail ${trail} in ${region} covers ${timeOf(part.fromMs)} to ${timeOf(part.toMs)}${whysOf(about)}`,
				events: [],
				of: 'files',
			});
		}
	}
}

function faultyGap(same: readonly Faulty[]): Gap {
	const { trail = '', region = '', toMs = 0, late = false } = same[0] ?? {};
	const what = `${late ? 'late files' : 'files'} ${trail} ${region} ${timeOf(toMs)}`;
	return {
		from: Math.min(...same.map(({ eventsFromMs }) => eventsFromMs)),
		to: Math.max(...same.map(({ eventsToMs }) => eventsToMs)),
		cause: what,
		why: `what the digest of trail ${trail} in ${region} that ended ${timeOf(toMs)} pins could not be read whole${whysOf(same)}`,
		events: [],
		of: 'files',
	};
}

/** By whichever trail: what one trail's files lack and another's have is known. */
function isRead({ fromMs, toMs, late }: Faulty, { whole, all }: { whole: readonly Period[]; all: readonly Stretch[] }): boolean {
	if (late) return all.some((one) => one.is === 'read' && one.late && one.toMs === toMs);
	return without({ fromMs, toMs }, whole).length === 0;
}

const whysOf = (some: readonly { readonly why: string }[]): string => {
	const whys = [...new Set(some.map(({ why }) => why))].filter((why) => why !== '').sort();
	return whys.length > 0 ? `: ${whys.join('; ')}`.slice(0, WHY_CHARACTERS) : '';
};
const WHY_CHARACTERS = 500;

/** To the second, as the names of digests have it. */
const timeOf = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
