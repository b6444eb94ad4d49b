/** What a step costs: in this process, against three bare commits in turn; and its requests, counted at the port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../adapters/sqlite/store.ts';
import { epochMs } from '../core/ids.ts';
import { openIssuer } from '../local/issuer.ts';
import counter from './agents/counter/agent.ts';
import { threeCommits } from './commits.ts';
import { driveInProcess } from './in-process.ts';
import { median } from './quantiles.ts';

const STEPS = 390;
const WARM_UP_RUNS = 4;
const RUNS = 4;
/** About what a step does between two of its commits. */
const APART_MS = 0.1;

export async function benchStep() {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const stores = openSqliteStore({ directory, generation: 'bench' });
	const issuer = openIssuer(directory, { now: () => epochMs.parse(Date.now()) });
	const yardstick = threeCommits();
	const steps: number[] = [];
	const commits: number[] = [];
	const apart: number[] = [];
	for (let run = 0; run < WARM_UP_RUNS + RUNS; run += 1) {
		if (run === WARM_UP_RUNS) commits.length = apart.length = steps.length = 0;
		// In turn, a few hundred of each: alternating one by one, each would pay for the other's pages.
		for (let time = 0; time < STEPS; time += 1) commits.push(yardstick.time());
		for (let time = 0; time < STEPS; time += 1) apart.push(yardstick.time(APART_MS));
		steps.push(...(await driveInProcess(counter, stores, { run: `run-${run}`, task: { steps: STEPS }, issuer })));
	}
	yardstick.close();
	stores.close();
	rmSync(directory, { recursive: true });
	const [stepMs, threeCommitsMs, threeCommitsApartMs] = [median(steps), median(commits), median(apart)];
	return { stepMs, threeCommitsMs, threeCommitsApartMs, ratio: stepMs / threeCommitsMs, steps: steps.length };
}
