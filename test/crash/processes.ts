/** Signals to real processes, from outside and without warning. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startOf, treeOf } from '../../local/processes.ts';

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

export const isThere = (pid: number): boolean => startOf(pid) !== undefined;

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
	try {
		return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(pid)], { encoding: 'utf8' });
	} catch {
		return '';
	}
}

/** Processes that were started for a state directory and are still there. Known on Linux alone; elsewhere none. */
export function startedFor(directory: string): number[] {
	if (!existsSync('/proc/self/environ')) return [];
	const mark = `NODE_COMPILE_CACHE=${directory}/cache\0`;
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && readFileQuietly(`/proc/${name}/environ`).includes(mark))
		.map(Number);
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
