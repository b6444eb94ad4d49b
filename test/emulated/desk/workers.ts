/** The processes that Lambda functions run in: real ones, found by the name of their function, ended by SIGKILL. */
import { execFileSync } from 'node:child_process';

export type Worker = { readonly pid: number; readonly name: string };

/** Those of this account's group, without the prefix of its deployment. */
export function workersOf(group: number): Worker[] {
	const lines = execFileSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' }).split('\n');
	return lines.flatMap((line) => {
		const found = /^\s*(\d+)\s+(\d+)\s.*\/ministack-lambda-throughline-[a-z]+-(.+)-[a-z0-9_]{8}\/_worker\.js$/.exec(line);
		return found && Number(found[2]) === group ? [{ pid: Number(found[1]), name: found[3] ?? '' }] : [];
	});
}

/** How many there were. */
export function killWorkers(group: number, isMeant: (name: string) => boolean): number {
	const meant = workersOf(group).filter(({ name }) => isMeant(name));
	for (const { pid } of meant) process.kill(pid, 'SIGKILL');
	return meant.length;
}
