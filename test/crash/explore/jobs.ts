/** The scenarios shared out to processes of their own, one for each core; each explores one after another. */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { MUTATIONS_VARIABLE, type Mutation } from '../mutate/mutation.ts';
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
	/** Digest of every world at rest, in the order in which they were found: of stored bytes, which no memory has a part in. */
	readonly rests: string;
};
type Manner = {
	readonly onDone?: (done: JobDone) => void;
	/** Whether the workers remember what pure functions answered: `../remember`. */
	readonly remembers: boolean;
	/** Rules that are taken away: `../mutate`. */
	readonly mutations?: readonly Mutation[];
};

/** @throws when a worker ends before its jobs do */
export async function carryOut(jobs: readonly Job[], { onDone, remembers, mutations = [] }: Manner): Promise<JobDone[]> {
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
			onDone?.(done);
			next();
		});
		worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
		next();
		return promise;
	};
	const number = Math.min(availableParallelism(), jobs.length);
	const loaded = [...(mutations.length > 0 ? ['mutate'] : []), ...(remembers ? ['remember'] : [])];
	const execArgv = [
		'--max-old-space-size=3000',
		// What lives for one action only should not outlive it.
		'--max-semi-space-size=64',
		...loaded.flatMap((hooks) => ['--import', new URL(`../${hooks}/register.ts`, import.meta.url).href]),
	];
	const env = { ...process.env, [MUTATIONS_VARIABLE]: JSON.stringify(mutations) };
	await Promise.all(Array.from({ length: number }, () => serve(fork(new URL('worker.ts', import.meta.url), { execArgv, env }))));
	return all;
}
