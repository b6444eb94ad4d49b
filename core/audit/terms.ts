/** On what terms a run is reconciled: where it may act, what is seen of it at all, and until when all that is seen has come. */
import { type EpochMs, epochMs } from '../ids.ts';
import type { FilesSaid } from './coverage.ts';
import type { Copy } from './witness.ts';

/** A stretch of time of which not everything is known. */
export type Gap = {
	readonly from: number;
	/** Not over yet where it is infinite. */
	readonly to: number;
	/** In ids: an event's, a digest file's. The same stretch has the same cause whoever finds it. */
	readonly cause: string;
	readonly why: string;
	readonly events: readonly string[];
	/** What lacks it: AWS's own trail, so every copy; the stream alone; or the files alone. Without it, whatever there is. */
	readonly of?: 'trail' | 'stream' | 'files';
};

export type Terms = {
	/** The deployment's region, and others in which its tools may act. */
	readonly regions: readonly string[];
	/**
	 * Everything that AWS saw up to `until` has come, but for `gaps`. Of what came later, only what is there counts, never
	 * what is missing. `stream`: by its usual delay, a likelihood. `files`: by signed digests. `local`: written as it happens.
	 */
	readonly watermark: { readonly until: EpochMs; readonly restsOn: Copy; readonly gaps?: readonly Gap[] };
	/** What the trail's files say of this run's time. Where they cover it whole, the conclusion rests on them instead. */
	readonly files?: FilesSaid;
	/** Whether commits to the ledger's own store are seen; SQLite tells nobody. */
	readonly commits: 'witnessed' | 'unwitnessable';
};

/** Of a deployment, at `nowMs`: what its stream usually delivers within `delayMs` has come. */
export const deployedTerms = ({ regions, delayMs, nowMs }: { regions: readonly string[]; delayMs: number; nowMs: number }): Terms => ({
	regions,
	watermark: { until: epochMs.parse(nowMs - delayMs), restsOn: 'stream' },
	commits: 'witnessed',
});

/** An event's time is the end of its request, by the host that served it: so far it may lie beyond when it was let in. */
export const SLACK_MS = 5_000;

export const gapAt = (gaps: readonly Gap[], from: number, to: number): Gap | undefined =>
	gaps.find((gap) => gap.from <= to && from <= gap.to);
