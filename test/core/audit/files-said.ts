/** What readings of the files may have shown around a run, by the hour. Hour 0 is the one in which the run was opened. */
import { askedFor, type Stretch } from '../../../core/audit/coverage.ts';
import type { Reconciling } from '../../../core/audit/reconcile.ts';
import { epochMs } from '../../../core/ids.ts';
import { REGION } from '../../doubles/cloudtrail.ts';
import { LONG_AFTER } from '../../doubles/trail.ts';
import type { Told } from './run-with-trail.ts';

export const HOUR = 3_600_000;
export const spanOf = ({ entries }: Told) => ({ fromMs: entries[0]?.at ?? 0, toMs: entries.at(-1)?.at ?? 0 });

/** In the middle of an hour, as digests of a busy trail end at any minute. */
export const hourFrom = (run: Told, hour: number): number => spanOf(run).fromMs - HOUR / 2 + hour * HOUR;
const place = (run: Told, hour: number, region: string) => ({
	v: 1 as const,
	trail: 'throughline',
	region,
	fromMs: hourFrom(run, hour),
	toMs: hourFrom(run, hour + 1),
});
export const read = (run: Told, hour: number, region = REGION): Stretch => ({ ...place(run, hour, region), is: 'read', late: false });
export const missing = (run: Told, hour: number, why = '', region = REGION): Stretch => ({
	...place(run, hour, region),
	is: 'missing',
	why,
});
/** A log file of that hour's digest, with events of `minutes` in it. */
export const faulty = (
	run: Told,
	hour: number,
	{ minutes = [0, 59] as readonly [number, number], late = false, why = 'log-altered', events = hour } = {},
): Stretch => ({
	...place(run, hour, REGION),
	is: 'faulty',
	late,
	why,
	eventsFromMs: hourFrom(run, events) + minutes[0] * 60_000,
	eventsToMs: hourFrom(run, events) + minutes[1] * 60_000,
});

/** The same run, judged with these files. `streamHours`: up to when the stream has brought everything; without it, long ago. */
export function withFiles(
	{ terms, ...reconciling }: Reconciling,
	run: Told,
	stretches: readonly Stretch[],
	{ streamHours }: { streamHours?: number } = {},
): Reconciling {
	const until = streamHours === undefined ? LONG_AFTER : epochMs.parse(spanOf(run).fromMs + streamHours * HOUR);
	return {
		...reconciling,
		terms: { ...terms, watermark: { ...terms.watermark, until }, files: { asked: askedFor(spanOf(run)), stretches } },
	};
}
