/** What a step costs in this process, against three bare commits: those that the same step makes in the same places, and three back to back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '../adapters/memory/store.ts';
import { openSqliteStore } from '../adapters/sqlite/store.ts';
import { epochMs } from '../core/ids.ts';
import { openIssuer } from '../local/issuer.ts';
import counter from './agents/counter/agent.ts';
import { backToBack, bareTable, inPlace } from './commits.ts';
import { driveInProcess } from './in-process.ts';
import { median } from './quantiles.ts';

const STEPS = 390;
/** Until the engine has optimized what it will: a host lives for longer. */
const WARM_UP_RUNS = 12;
const RUNS = 4;
/** Intent, decision and outcome. */
const COMMITS_A_STEP = 3;

export async function benchStep() {
	const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
	const stores = openSqliteStore({ directory, generation: 'bench' });
	const issuer = openIssuer(directory, { now: () => epochMs.parse(Date.now()) });
	const tables = { inPlace: bareTable(), backToBack: bareTable() };
	const memory = memoryStore();
	const steps: number[] = [];
	const commits: { inPlace: number[]; backToBack: number[] } = { inPlace: [], backToBack: [] };
	for (let run = 0; run < WARM_UP_RUNS + RUNS; run += 1) {
		if (run === WARM_UP_RUNS) steps.length = commits.inPlace.length = commits.backToBack.length = 0;
		// In turn, a few hundred of each: alternating one by one, each would pay for the other's pages.
		const drive = { run: `run-${run}`, task: { steps: STEPS }, issuer };
		const beside = inPlace(memory.ledger, tables.inPlace);
		await driveInProcess(counter, { ...memory, ledger: beside.ledger }, drive);
		commits.inPlace.push(...beside.took);
		commits.backToBack.push(...backToBack(tables.backToBack, beside.bodies));
		steps.push(...(await driveInProcess(counter, stores, drive)));
	}
	for (const { close } of [...Object.values(tables), stores]) close();
	rmSync(directory, { recursive: true });
	const stepMs = median(steps);
	const [inPlaceMs, backToBackMs] = [COMMITS_A_STEP * median(commits.inPlace), COMMITS_A_STEP * median(commits.backToBack)];
	return { stepMs, inPlaceMs, backToBackMs, ratio: stepMs / inPlaceMs, ratioBackToBack: stepMs / backToBackMs, steps: steps.length };
}
