/** Asking the operating system about processes of ours: which are alive, whose they are, and which a dead host has left behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostMark, killGroup } from './sandboxes.ts';

const hasProc = existsSync('/proc/self/stat');
const LISTING_BYTES = 64 * 1024 * 1024;

/** When a process began, in the system's own words: with its number, this names one process for good. */
export function startOf(pid: number): string | undefined {
	if (!hasProc) return ps(['-o', 'lstart=', '-p', String(pid)]).trim() || undefined;
	const fields = statFields(pid);
	// A zombie is dead. The start is in ticks since boot.
	return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

/**
 * Kills every process that bears a host's mark, whatever its parent is by now: all of them, or those that serve one
 * function. Answers how many there were.
 */
export function killMarked(hostId: string, serving?: string): number {
	const words = serving === undefined ? [hostMark(hostId)] : [hostMark(hostId), serving];
	const mark = ` ${words.join(' ')} `;
	const isMarked = (commandLine: string): boolean => `${commandLine.trim()} `.includes(mark);
	const pids = hasProc
		? numbers().filter((pid) => isMarked(read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? ''))
		: ps(['-A', '-o', 'pid=,args='])
				.split('\n')
				.filter(isMarked)
				.map((line) => Number.parseInt(line, 10));
	for (const pid of pids) killGroup(pid);
	return pids.length;
}

/** A process and all that it started, itself first. */
export function treeOf(pid: number): number[] {
	const children = Map.groupBy(parents(), ({ parent }) => parent);
	const below = (of: number): number[] => [of, ...(children.get(of) ?? []).flatMap((child) => below(child.pid))];
	return below(pid);
}

function parents(): { pid: number; parent: number }[] {
	if (hasProc) return numbers().map((pid) => ({ pid, parent: Number(statFields(pid)?.[1]) }));
	const lines = ps(['-A', '-o', 'pid=,ppid=']).trim().split('\n');
	return lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([pid = 0, parent = 0]) => ({ pid, parent }));
}

const numbers = (): number[] =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number);

/** The fields of `/proc/<pid>/stat` after the name: state, parent, … */
function statFields(pid: number): string[] | undefined {
	const stat = read(`/proc/${pid}/stat`);
	return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

function ps(words: string[]): string {
	try {
		return execFileSync('ps', words, { encoding: 'utf8', maxBuffer: LISTING_BYTES, stdio: ['ignore', 'pipe', 'ignore'] });
	} catch {
		return '';
	}
}
