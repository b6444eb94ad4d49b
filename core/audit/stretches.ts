/** What one reading of a region's digests and log files has shown, as facts of coverage. */
import { FILED_WITHIN_MS, LATE_MS, type Stretch } from './coverage.ts';
import type { LogFileReference, SignedDigest } from './digest.ts';
import { type ChainFault, digestNamed, isBackfill, type TrailScope } from './digest-chain.ts';
import { byDay } from './periods.ts';

/**
 * Why not all that a log file holds is kept as a witness. `poison`: it holds events that can't be read. `differing`: of some
 * of its events another copy came first and says otherwise, and that is what is kept.
 */
export type LogFault =
	| { readonly is: 'log-missing' | 'log-altered' | 'log-unreadable'; readonly key: string }
	| { readonly is: 'log-poison' | 'log-differing'; readonly key: string; readonly events: number };
export type LogFaultFound = { readonly fault: LogFault; readonly reference: LogFileReference };

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
const FAULTS_NAMED = 3;
const WHY_CHARACTERS = 400;

type Of = Pick<TrailScope, 'region' | 'trail'>;

/** A sound digest, once all that it pins was read, or could not be. */
export function stretchRead({ trail, region }: Of, digest: SignedDigest, found: readonly LogFaultFound[]): Stretch {
	const { fromMs, toMs } = digest;
	const of = { v: 1, trail, region, fromMs, toMs, late: isBackfill(digest.key) } as const;
	if (found.length === 0) return { ...of, is: 'read' };
	return {
		...of,
		is: 'faulty',
		why: whyOf(found.map(({ fault }) => fault)),
		eventsFromMs: Math.min(...found.map(({ reference }) => timeIn(reference.oldestEventTime) ?? Math.max(0, fromMs - FILED_WITHIN_MS))),
		eventsToMs: Math.max(...found.map(({ reference }) => (timeIn(reference.newestEventTime) ?? toMs) + SECOND_MS)),
	};
}

/** What no sound digest covers. @param deliveredMs up to when digests have to be there: what is missing after that may still come. */
export function stretchesMissing({ trail, region }: Of, faults: readonly ChainFault[], deliveredMs: number): Stretch[] {
	const named = faults.flatMap((fault) => {
		const name = 'key' in fault ? digestNamed(fault.key) : undefined;
		return 'key' in fault && name?.region === region && name.trail === trail ? [{ fault, name }] : [];
	});
	const missing = faults.flatMap((fault) => {
		if (fault.is !== 'gap') return [];
		const { fromMs, toMs } = fault.period;
		return byDay({ fromMs, toMs: Math.min(toMs, deliveredMs) }).map((period): Stretch => {
			const about = named.filter(({ name }) => !name.late && period.fromMs < name.toMs && name.toMs <= period.toMs + HOUR_MS);
			return { v: 1, trail, region, ...period, is: 'missing', why: whyOf(about.map((one) => one.fault)) };
		});
	});
	const late = named
		.filter(({ name }) => name.late)
		.map(({ fault, name: { toMs } }): Stretch => {
			const events = { eventsFromMs: Math.max(0, toMs - LATE_MS), eventsToMs: toMs };
			return { v: 1, trail, region, fromMs: Math.max(0, toMs - HOUR_MS), toMs, is: 'faulty', late: true, why: whyOf([fault]), ...events };
		});
	return [...missing, ...late];
}

const timeIn = (second: string | undefined): number | undefined => (second === undefined ? undefined : Date.parse(second));

/** Kinds of fault with names of files; of many, the first. */
function whyOf(faults: readonly { readonly is: string; readonly key: string }[]): string {
	const all = faults.map(({ is, key }) => `${is} ${key.split('/').at(-1)}`).sort();
	const more = all.length > FAULTS_NAMED ? `; and ${all.length - FAULTS_NAMED} more` : '';
	return `${all
		.slice(0, FAULTS_NAMED)
		.join('; ')
		.slice(0, WHY_CHARACTERS - more.length)}${more}`;
}
