/** Until when absence counts for one run, on what that rests, and where it does not count. */
import { FILED_WITHIN_MS, filesSuffice, weighFiles } from './coverage.ts';
import type { LedgerSeen } from './ledger-seen.ts';
import type { Gap, Terms } from './terms.ts';
import { trailGaps } from './trail.ts';
import type { Copy, Witness } from './witness.ts';

export type Watermark = {
	readonly until: number;
	readonly restsOn: Copy;
	/** All there are: of the trail, of what carries its events, and of its files. */
	readonly gaps: readonly Gap[];
	/** Gaps that files have closed. */
	readonly closed: readonly Gap[];
};

/** Files go before the stream where they cover the whole of a run's time: they are signed, and whatever carries the stream can be cut. */
export function watermarkOf(ledger: LedgerSeen, seen: readonly Witness[], { watermark, files, regions }: Terms): Watermark {
	const told = [...(watermark.gaps ?? []), ...trailGaps(seen)];
	const span = { fromMs: ledger.openedAt, toMs: ledger.lastAt };
	if (!files || ledger.entries.size === 0) return { ...watermark, gaps: told, closed: [] };
	const weighed = weighFiles(files, span, regions);
	const gaps = [...weighed.missing.filter((gap) => !isOff(gap, told)), ...weighed.faulty];
	if (weighed.until === undefined || !filesSuffice(weighed, span))
		return { ...watermark, gaps: [...told, ...gaps], closed: weighed.closed };
	return {
		until: weighed.until,
		restsOn: 'files',
		gaps: [...told.filter(({ of }) => of !== 'stream'), ...gaps],
		closed: [...told.filter(({ of }) => of === 'stream'), ...weighed.closed],
	};
}

/** While a trail is off it writes no files, and one that was turned elsewhere writes none here: that is the change's doing, and told as such. */
const isOff = (missing: Gap, told: readonly Gap[]): boolean =>
	told.some(({ of, from, to }) => of === 'trail' && from - AROUND_MS <= missing.from && missing.to <= to + AROUND_MS);
/** The digest of the hour in which a trail is switched off, or on, may itself not come. */
const AROUND_MS = 3_600_000 + FILED_WITHIN_MS;
