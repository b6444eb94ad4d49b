/**
 * How processes live here: each by a clock of its own, each with a time that the runtime leaves it. One that sleeps when its
 * time is over is ended, unless something else is said to fence it: then its caller is told, and it goes on as a zombie.
 */

import { toolFunction } from '../../../core/ids.ts';
import type { Agent, Tool } from '../../../index.ts';
import type { Life } from '../../doubles/functions.ts';
import type { Mortal, Turn } from '../../doubles/mortal.ts';
import type { Naive } from './place.ts';
import type { Timeline } from './timeline.ts';

export type LivesOptions = {
	readonly agent: Agent;
	readonly time: Timeline;
	readonly skewsMs: readonly number[];
	readonly turn: Turn;
	readonly naive: Naive;
};
export type Lives = Life & {
	/** It stops here and wakes so much later. */
	pause(process: Mortal, ms: number): void;
	/** All processes end with their host. */
	end(): void;
	/** Somebody has set all clocks right. */
	setClocksRight(): void;
	readonly counts: { ended: number; outlived: number; skewed: number; paused: number };
};

export function livesOf({ agent, time, skewsMs, turn, naive }: LivesOptions): Lives {
	const counts = { ended: 0, outlived: 0, skewed: 0, paused: 0 };
	const serving = new Set<Mortal>();
	const wakesAt = new Map<Mortal, number>();
	const tools = new Map([...agent.tools.values()].map((tool) => [toolFunction(agent.name, tool.name), tool]));
	let begun = 0;
	let right = false;

	return {
		turn,
		counts,
		clockOf: () => {
			const skewMs = skewsMs[begun % skewsMs.length] ?? 0;
			begun += 1;
			if (skewMs !== 0) counts.skewed += 1;
			const [wrong, exact] = [time.clock(skewMs), time.clock(0)];
			return { now: () => (right ? exact : wrong).now() };
		},
		begin: (process, timeoutMs) => {
			const until = time.now() + timeoutMs;
			const { promise: over, reject } = Promise.withResolvers<never>();
			over.catch(() => {});
			serving.add(process);
			const callOff = time.after(timeoutMs, () => {
				serving.delete(process);
				const sleeps = (wakesAt.get(process) ?? 0) > until;
				if (!sleeps || !(naive.runtimeEndsNothing || mayOutlive(tools.get(process.name)))) {
					counts.ended += 1;
					return process.end('Sandbox.Timedout');
				}
				counts.outlived += 1;
				reject(Object.assign(new Error(`${process.name} has not answered in time`), { name: 'Sandbox.Timedout' }));
			});
			const end = (): void => {
				serving.delete(process);
				callOff();
			};
			return { remainingMs: () => (naive.runtimeTellsNoTime ? timeoutMs : until - time.now()), over, end };
		},
		pause: (process, ms) => {
			counts.paused += 1;
			wakesAt.set(process, time.now() + ms);
		},
		end: () => {
			for (const process of serving) process.end('Runtime.ExitError');
			serving.clear();
		},
		setClocksRight: () => {
			right = true;
		},
	};
}

/** What only the runtime's hard timeout fences has to end with it. Ledger, target or session fence everything else. */
const mayOutlive = (tool: Tool | undefined): boolean =>
	tool === undefined || tool.effect === 'read' || tool.effect === 'transaction' || tool.fencedBy === 'credentials';
