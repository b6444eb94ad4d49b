/** Asking the operating system about processes of ours: which are alive, and which a dead host has left behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostMark, killGroup } from './sandboxes.ts';

const hasProc = existsSync('/proc/self/stat');

/** When a process began, in the system's own words: with its number, this names one process for good. */
export function startOf(pid: number): string | undefined {
	try {
		if (!hasProc)
			return (
				execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() ||
				undefined
			);
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		// Field 3 is the state: a zombie is dead. Field 22 is the start, in ticks since boot.
		return fields[0] === 'Z' ? undefined : fields[19];
	} catch {
		return undefined;
	}
}

/** Kills every process that bears a host's mark, whatever its parent is by now; answers how many there were. */
export function killMarked(hostId: string): number {
	const pids = commandLines().filter(({ line }) => line.includes(hostMark(hostId)));
	for (const { pid } of pids) killGroup(pid);
	return pids.length;
}

function commandLines(): { pid: number; line: string }[] {
	if (!hasProc) {
		const lines = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
		return lines.map((text) => ({ pid: Number.parseInt(text, 10), line: text }));
	}
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
			} catch {
				return [];
			}
		});
}
