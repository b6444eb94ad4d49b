/**
 * The worst instant: a payment has been made, and nobody here has been told. Found from outside, by watching the
 * payment service's journal; nothing in our functions knows of it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { treeOf } from '../processes.ts';
import { type Effect, effectsOf } from './outside.ts';

export type Killing = { at: number; processes: number; inTheAir: Effect[] };

const POLL_MS = 10;
/** The services keep their answers back so long. */
export const ANSWER_DELAY_MS = 700;
/** An effect younger than this has not been answered yet, whatever the machine is doing. */
const UNANSWERED_MS = ANSWER_DELAY_MS - 200;

export type Watch = {
	readonly worldDirectory: string;
	/** One of these must be in the air; the kill comes a little later where the others may join it. */
	readonly tools: readonly string[];
	/** Settles when there is nothing left to kill. */
	readonly ended: Promise<unknown>;
};

/** Kills a process and all that it started. `undefined` when it ended before any such effect was made. */
export async function killAtTheWorstInstant(pid: number, { worldDirectory, tools, ended }: Watch): Promise<Killing | undefined> {
	let over = false;
	void ended.then(() => {
		over = true;
	});
	while (!over) {
		const now = Date.now();
		const inTheAir = effectsOf(worldDirectory).filter((effect) => now - effect.at < UNANSWERED_MS);
		const wanted = inTheAir.filter((effect) => tools.includes(effect.tool));
		const all = new Set(wanted.map((effect) => effect.tool)).size === tools.length;
		const oldest = Math.max(...wanted.map((effect) => now - effect.at));
		if (wanted.length > 0 && (all || oldest > UNANSWERED_MS / 2)) return { at: Date.now(), processes: killTree(pid), inTheAir };
		await pause(POLL_MS);
	}
	return undefined;
}

function killTree(pid: number): number {
	const pids = treeOf(pid);
	for (const each of pids) {
		try {
			process.kill(each, 'SIGKILL');
		} catch {
			// Ended already.
		}
	}
	return pids.length;
}
