/** The scenarios shared out to processes of their own, one for each core; each explores one after another. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Violation } from './explore.ts';

export type Job = { readonly name: string; readonly faults: number };
/** What exploring one scenario came to, as it goes from process to process. */
export type JobDone = {
	readonly name: string;
	readonly faults: number;
	readonly transitions: number;
	readonly states: number;
	readonly merged: number;
	readonly ends: number;
	readonly faultsFired: { readonly [kind: string]: number };
	readonly sites: { readonly [site: string]: { readonly [kind: string]: number } };
	readonly violations: readonly Violation[];
	readonly cpuSeconds: number;
};

export async function carryOut(jobs: readonly Job[], onDone: (done: JobDone) => void): Promise<JobDone[]> {
	const waiting = [...jobs];
	const all: JobDone[] = [];
	const serve = (worker: ChildProcess): Promise<void> => {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const next = (): void => {
			const job = waiting.shift();
			if (job) worker.send(job);
			else worker.disconnect();
		};
		worker.on('message', (done: JobDone) => {
			all.push(done);
			onDone(done);
			next();
		});
		worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
		next();
		return promise;
	};
	const number = Math.min(availableParallelism(), jobs.length);
	await Promise.all(
		Array.from({ length: number }, () => serve(fork(new URL('worker.ts', import.meta.url), { execArgv: ['--max-old-space-size=3000'] }))),
	);
	return all;
}
