/** Signals to real processes, from outside and without warning. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startOf, treeOf } from '../../../local/processes.ts';
import type { Chance } from '../chance.ts';

/** Sends to a process and all that it has started; answers to how many. */
export function signalTree(pid: number | undefined, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
	if (pid === undefined) return 0;
	const reached = new Set<number>();
	// The root comes first. What it has started in between is found by looking again.
	for (;;) {
		const fresh = treeOf(pid).filter((each) => !reached.has(each));
		if (fresh.length === 0) return reached.size;
		for (const each of fresh) {
			signalOne(each, signal);
			reached.add(each);
		}
	}
}

/** False when it has ended already. */
export function signalOne(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
}

export type Sleeping = {
	readonly stopped: number;
	/** Wakes them one by one in any order: those that are still there, and nobody who got their number since. Answers how many. */
	wake(chance: Chance): Promise<number>;
};

export function stopAll(pids: readonly number[]): Sleeping {
	const asleep = pids.map((pid) => ({ pid, started: startOf(pid) })).filter(({ pid, started }) => started && signalOne(pid, 'SIGSTOP'));
	return {
		stopped: asleep.length,
		wake: async (chance) => {
			let woken = 0;
			for (const { pid, started } of asleep
				.map((each) => ({ each, order: chance.below(1) }))
				.sort(byOrder)
				.map(({ each }) => each)) {
				if (startOf(pid) === started && signalOne(pid, 'SIGCONT')) woken += 1;
				await pause(chance.below(WAKING_MS / asleep.length));
			}
			return woken;
		},
	};
}
/** From the first that wakes to the last, at most. */
const WAKING_MS = 300;
const byOrder = (left: { order: number }, right: { order: number }): number => left.order - right.order;

export type Running = { readonly pid: number; readonly function: string };

/** The sandboxes of a host, by the function that each serves. */
export function sandboxesOf(host: number | undefined): Running[] {
	if (host === undefined) return [];
	return treeOf(host)
		.slice(1)
		.flatMap((pid) => {
			const [, name] = /--throughline-host=\S+ (\S+)/.exec(commandLineOf(pid)) ?? [];
			return name === undefined ? [] : [{ pid, function: name }];
		});
}

function commandLineOf(pid: number): string {
	if (existsSync('/proc/self/cmdline')) return readFileQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
	try {
		return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(pid)], { encoding: 'utf8' });
	} catch {
		return '';
	}
}

/** Processes that were started for a state directory and are still there. Known on Linux alone; elsewhere none. */
export function startedFor(directory: string): number[] {
	if (!existsSync('/proc/self/fd')) return [];
	const logs = join(directory, 'logs/');
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && printsTo(name).startsWith(logs))
		.map(Number);
}

/** Sandboxes, and what they have started, print to their function's log. */
function printsTo(pid: string): string {
	try {
		return readlinkSync(`/proc/${pid}/fd/2`);
	} catch {
		return '';
	}
}

/** Those that stay. One that was just killed is given its moment to go. */
export async function leftBehindBy(directory: string): Promise<number[]> {
	for (let time = 0; time < LOOKS && startedFor(directory).length > 0; time += 1) await pause(LOOK_MS);
	return startedFor(directory);
}
const LOOKS = 100;
const LOOK_MS = 100;

function readFileQuietly(path: string): string {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return '';
	}
}
