/**
 * Whose turn it is: every crossing of a process waits here until the scheduler lets it through, one at a time, and everything
 * that follows of it has come to its next crossing. What a plan has happen, happens to the crossing of that number.
 */
import { createHash } from 'node:crypto';
import type { Scheduler } from 'fast-check';
import type { Fault } from '../../../adapters/memory/faults.ts';
import type { Mortal } from '../../doubles/mortal.ts';
import type { HappensToAll } from './happenings.ts';
import type { Happening, Happens } from './plan.ts';
import type { Timeline } from './timeline.ts';

/** The part of fast-check's scheduler that is used here. */
export type Order = Pick<Scheduler, 'schedule' | 'count' | 'waitOne'>;
/** What befalls one call. */
export type Befalls = Fault | 'left-behind' | 'side-by-side';
export type TurnsOptions = {
	/** Whose turn it is among those who wait. */
	readonly scheduler: Order;
	readonly time: Timeline;
	readonly happenings: readonly Happening[];
	/** Whether this may befall a call at `at` of that process. */
	readonly mayBefall: (befalls: Befalls, at: string, process: Mortal) => boolean;
	/** Everything a plan has happen besides: it is no process's, and takes turns of its own. */
	readonly happen: (what: HappensToAll) => void;
	readonly onPause: (process: Mortal, ms: number) => void;
};
export type Turns = {
	turn(process: Mortal, at: string): Promise<void>;
	/** What befalls the call that has just been let through; asked once. */
	befalls(): Befalls | undefined;
	/** Lets one after another through until nothing is left to be done now and, time passing, nobody is awaited. */
	run(isAwaited: () => boolean): Promise<void>;
	readonly fired: ReadonlyMap<string, number>;
	crossings(): number;
	/** Names this very sequence of processes, crossings and faults. */
	digest(): string;
	trace(): readonly string[];
};

/** Far more than any run here takes: a world that goes on longer goes on for good. */
const CROSSINGS = 20_000;
/** In crossings. */
const LOOK_EVERY = 50;

export function turnsOf({ scheduler, time, happenings, mayBefall, happen, onPause }: TurnsOptions): Turns {
	const left: (Omit<Happening, 'where'> & { readonly where: string | null })[] = [...happenings].sort((one, other) => one.at - other.at);
	const numbers = new Map<Mortal, number>();
	const trace: string[] = [];
	const fired = new Map<string, number>();
	let befalling: Befalls | undefined;

	const numberOf = (process: Mortal): number => {
		const number = numbers.get(process) ?? numbers.size + 1;
		numbers.set(process, number);
		return number;
	};
	const count = (kind: string): void => void fired.set(kind, (fired.get(kind) ?? 0) + 1);

	/** The first of what is due that can happen here. */
	const due = (process: Mortal, at: string): Happens | undefined => {
		const index = left.findIndex(
			({ at: number, where, what }) => number <= trace.length && (where === null || where === at) && canHappen(what, at, process),
		);
		const found = left[index];
		if (!found) return undefined;
		const again = found.what.is === 'fault' && found.times > 1 ? [{ ...found, where: at, times: found.times - 1 }] : [];
		left.splice(index, 1, ...again);
		return found.what;
	};
	const canHappen = (what: Happens, at: string, process: Mortal): boolean => {
		if (what.is === 'fault') return mayBefall(what.fault, at, process);
		return what.is === 'left-behind' || what.is === 'side-by-side' ? mayBefall(what.is, at, process) : true;
	};

	const turn: Turns['turn'] = async (process, at) => {
		await scheduler.schedule(Promise.resolve(), at);
		if (process.hasEnded()) return;
		const what = due(process, at);
		const label = what ? nameOf(what) : undefined;
		trace.push(`${process.name}#${numberOf(process)} ${at}${label ? ` ${label}` : ''}`);
		befalling = undefined;
		if (!what || !label) return;
		count(label);
		switch (what.is) {
			case 'fault':
				befalling = what.fault;
				return;
			case 'left-behind':
			case 'side-by-side':
				befalling = what.is;
				return;
			case 'pause':
				onPause(process, what.ms);
				await time.sleep(what.ms);
				return turn(process, at);
			case 'time':
				time.pass();
				return;
			default:
				happen(what);
		}
	};

	/**
	 * Until all that follows has come to its next crossing: ticks have their turn only when no promise has anything left to do.
	 * Nothing here waits for timers, files or sockets, and now and then it is looked whether that is so.
	 */
	const quiet = async (): Promise<void> => {
		await new Promise<void>((resolve) => process.nextTick(resolve));
		if (trace.length % LOOK_EVERY !== 0) return;
		const waiting = scheduler.count();
		await new Promise<void>((resolve) => void setImmediate(resolve));
		if (scheduler.count() !== waiting) throw new Error('something here waits for the event loop; whose turn comes next would be chance');
	};

	return {
		turn,
		befalls: () => {
			const now = befalling;
			befalling = undefined;
			return now;
		},
		run: async (isAwaited) => {
			for (;;) {
				await quiet();
				if (trace.length > CROSSINGS) throw new Error(`more than ${CROSSINGS} crossings; this goes on for good`);
				// All who could come have come. `waitNext` would wait fifty more promises for them.
				if (scheduler.count() > 0) await scheduler.waitOne();
				else if (!isAwaited() || !time.pass()) return;
			}
		},
		fired,
		crossings: () => trace.length,
		digest: () => createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 24),
		trace: () => trace,
	};
}

export const nameOf = (what: Happens): string => (what.is === 'fault' ? what.fault : what.is);
