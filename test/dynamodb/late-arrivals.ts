/** Requests that others go past before they arrive. */
import { setTimeout } from 'node:timers/promises';

/** One whose caller waits is not kept longer than this when nothing comes by. */
const KEPT_MS = 250;

type Late = { left: number; wentBy: number; readonly release: () => void };

export function lateArrivals() {
	const kept = new Set<Late>();
	return {
		/** One is on its way; to be called again once it went through. Those kept since before it was sent have then been overtaken. */
		passing(): () => void {
			const behind = [...kept];
			return () => {
				for (const one of behind) {
					one.wentBy += 1;
					one.left -= 1;
					if (one.left <= 0) one.release();
				}
			};
		},
		/** Keeps a request until `by` others went through, and says how many did. */
		async arrive<T>(
			{ by, caller }: { by: number; caller: 'waits' | 'gave-up' },
			send: () => Promise<T>,
		): Promise<{ reply: T; wentBy: number }> {
			const { promise: released, resolve: release } = Promise.withResolvers<void>();
			const one: Late = { left: by, wentBy: 0, release };
			kept.add(one);
			if (caller === 'waits') void setTimeout(KEPT_MS).then(release);
			await released;
			kept.delete(one);
			return { reply: await send(), wentBy: one.wentBy };
		},
		releaseAll(): void {
			for (const one of kept) one.release();
		},
	};
}
