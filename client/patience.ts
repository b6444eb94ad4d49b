/** How long a client tries and waits: a deadline, pauses that grow, and an end at any moment by its caller's signal. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DoorClosed, DoorRefused, UnexpectedAnswer, Unreachable } from './doors.ts';

/** `timeoutMs` bounds the whole of what is asked. An aborted signal ends it with the signal's own reason. */
export type PatienceOptions = { readonly timeoutMs?: number; readonly signal?: AbortSignal };

export type Patience = {
	readonly signal: AbortSignal;
	isOver(): boolean;
	/** Sleeps for the `n`th time in a row, from 0, and never past the end. @throws the signal's reason */
	pause(n: number): Promise<void>;
	/** Asks until there is an answer. @throws Unreachable at the end; DoorRefused, DoorClosed, UnexpectedAnswer, the signal's reason at once */
	until<T>(what: string, ask: () => Promise<T>): Promise<T>;
};

const STANDARD_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 60;
const LONGEST_PAUSE_MS = 3_000;
const GROWTH = 1.7;

export function patienceOf({ timeoutMs = STANDARD_MS, signal: given }: PatienceOptions = {}): Patience {
	const end = performance.now() + timeoutMs;
	const over = AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1));
	const signal = given ? AbortSignal.any([given, over]) : over;
	const remainingMs = (): number => Math.max(0, end - performance.now());
	const pause = async (n: number): Promise<void> => {
		given?.throwIfAborted();
		const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * GROWTH ** n);
		// Half of it by chance, so that many who wait for one thing do not come all at once.
		const ms = Math.min(remainingMs(), longest * (0.5 + Math.random() / 2));
		await sleep(ms, undefined, given && { signal: given }).catch(() => given?.throwIfAborted());
	};
	const until = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
		for (let n = 0; ; n += 1) {
			try {
				return await ask();
			} catch (error) {
				given?.throwIfAborted();
				if (error instanceof DoorRefused || error instanceof DoorClosed || error instanceof UnexpectedAnswer) throw error;
				if (remainingMs() === 0) {
					const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
					throw new Unreachable(`${what}: no answer within ${timeoutMs} ms (${why}); ask again`, { cause: error });
				}
			}
			await pause(n);
		}
	};
	return { signal, isOver: () => remainingMs() === 0, pause, until };
}
