/** Stretches of time, each from its beginning up to, and without, its end. */
export type Period = { readonly fromMs: number; readonly toMs: number };

/** The same time in as few periods as it takes, ascending and apart. */
export function union(periods: Iterable<Period>): Period[] {
	const together: Period[] = [];
	for (const next of [...periods].filter(({ fromMs, toMs }) => fromMs < toMs).sort((one, other) => one.fromMs - other.fromMs)) {
		const last = together.at(-1);
		if (last && next.fromMs <= last.toMs) together[together.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, next.toMs) };
		else together.push({ fromMs: next.fromMs, toMs: next.toMs });
	}
	return together;
}

/** What of `period` is in none of `others`, which are ascending and apart. */
export function without(period: Period, others: readonly Period[]): Period[] {
	const left: Period[] = [];
	let { fromMs } = period;
	for (const other of others) {
		if (other.toMs <= fromMs || period.toMs <= other.fromMs) continue;
		if (fromMs < other.fromMs) left.push({ fromMs, toMs: other.fromMs });
		fromMs = other.toMs;
	}
	return fromMs < period.toMs ? [...left, { fromMs, toMs: period.toMs }] : left;
}

const DAY_MS = 86_400_000;
/** Cut at every midnight of UTC. */
export function byDay({ fromMs, toMs }: Period): Period[] {
	const days: Period[] = [];
	for (let from = fromMs; from < toMs; ) {
		const to = Math.min(toMs, (Math.floor(from / DAY_MS) + 1) * DAY_MS);
		days.push({ fromMs: from, toMs: to });
		from = to;
	}
	return days;
}

export const clipped = ({ fromMs, toMs }: Period, period: Period): Period => ({
	fromMs: Math.max(fromMs, period.fromMs),
	toMs: Math.min(toMs, period.toMs),
});
