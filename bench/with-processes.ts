/** Steps with real child processes and state machines: one run alone, a long run, and fifty at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost, type HostEvent } from '../local/host.ts';
import { median, quantile } from './quantiles.ts';

const counter = fileURLToPath(new URL('./agents/counter', import.meta.url));

async function withHost<T>(
	work: (host: ReturnType<typeof createHost>, onEvent: (listener: (event: HostEvent) => void) => void) => Promise<T>,
): Promise<T> {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const listeners: ((event: HostEvent) => void)[] = [];
	const host = createHost({ directory, onEvent: (event) => listeners.map((listener) => listener(event)) });
	try {
		return await work(host, (listener) => listeners.push(listener));
	} finally {
		await host.close();
		rmSync(directory, { recursive: true });
	}
}

/** One run of so many steps; the time of each, from its plan to the next. */
export function benchLongRun(steps: number) {
	return withHost(async (host, onEvent) => {
		const at: number[] = [];
		onEvent((event) => {
			if (event.is === 'planned' && event.next === 'act') at.push(performance.now());
		});
		const loaded = await host.agent(counter);
		await host.open(loaded, { run: 'long', task: { steps }, by: 'local:bench' });
		await host.settled('long');
		const times = at.slice(1).map((time, index) => time - (at[index] ?? time));
		const around = (step: number) => median(times.slice(Math.max(30, step - 75), step + 75));
		return {
			steps: at.length,
			p50Ms: median(times.slice(30)),
			p95Ms: quantile(times.slice(30), 0.95),
			early: around(105),
			late: around(steps - 80),
		};
	});
}

/** So many runs at once; steps a second, from the first step after all are warm. */
export function benchManyRuns({ runs, steps }: { runs: number; steps: number }) {
	return withHost(async (host, onEvent) => {
		let ended = 0;
		let warmAt = 0;
		const warm = runs * 3;
		onEvent((event) => {
			if (event.is !== 'step' || event.status !== 'ended') return;
			ended += 1;
			if (ended === warm) warmAt = performance.now();
		});
		const loaded = await host.agent(counter);
		for (let run = 0; run < runs; run += 1) await host.open(loaded, { run: `run-${run}`, task: { steps }, by: 'local:bench' });
		for (let run = 0; run < runs; run += 1) await host.settled(`run-${run}`);
		const seconds = (performance.now() - warmAt) / 1000;
		return { runs, steps: ended, stepsPerSecond: (ended - warm) / seconds };
	});
}
