/** What readings of the trail's files say of one run's time: one bounded query. */
import { askedFor, type FilesSaid } from '../../core/audit/coverage.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Coverage, Ledger } from '../../core/ports.ts';

/** A region has one an hour, and few besides: seven months of a run that acts in one. */
const STRETCHES_AT_MOST = 5_000;

/**
 * Before witnesses are read: what was read whole then has its witnesses there. First and last entry tell which time to ask
 * about; where the ledger has grown since, or lies about its time, core sees that this is not the whole of it.
 */
export async function filesSaid(run: string, { ledger, coverage }: { ledger: Ledger; coverage: Coverage }): Promise<FilesSaid | undefined> {
	const [[first], [last]] = await Promise.all([ledger.read(run, { from: 0, limit: 1 }), ledger.latest(run, 1)]);
	const [one, other] = [timeOf(first), timeOf(last)];
	if (one === undefined || other === undefined) return undefined;
	// Who opened it and who closed it go by clocks of their own.
	const asked = askedFor({ fromMs: Math.min(one, other), toMs: Math.max(one, other) });
	const stretches = await coverage.ending(asked, STRETCHES_AT_MOST);
	const all = stretches.length < STRETCHES_AT_MOST;
	return { asked: all ? asked : { fromMs: asked.fromMs, toMs: stretches.at(-1)?.fromMs ?? asked.fromMs }, stretches };
}

function timeOf(stored: StoredEntry | undefined): number | undefined {
	const parsed = stored && parseStored(stored);
	return parsed && 'entry' in parsed ? parsed.entry.at : undefined;
}
