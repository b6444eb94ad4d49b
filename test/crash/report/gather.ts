/** Reads what the parts of this run reported, and demands of it what the figures promise. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { reportDirectory, writeReport } from '../crash-report.ts';
import { type WholeReport, wholeReport } from './parts.ts';

const parts = ['model', 'explore', 'schedules', 'controls', 'processes', 'processes-controls', 'processes-lies', 'dynamodb'] as const;
const SCHEDULES = 20_000;
const RUNS = 500;
const CONTROLS = 18;

/** @throws when a part left no report, or one that does not hold what the figures promise. */
export function gather({ seconds }: { seconds: number }): WholeReport {
	const read = (part: string): unknown => JSON.parse(readFileSync(join(reportDirectory, `${part}.json`), 'utf8'));
	const report = wholeReport.parse({
		commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes'),
		date: new Date().toISOString().slice(0, 10),
		machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
		seconds,
		...Object.fromEntries(parts.map((part) => [part, read(part)])),
	});
	demand(report);
	writeReport(join(reportDirectory, 'report.json'), report);
	return report;
}

/** The parts have failed by themselves where anything was off; these are the sums that none of them sees alone. */
function demand({ explore, schedules, controls, model, processes, dynamodb }: WholeReport): void {
	assert.equal(explore.crashPoints.covered, explore.crashPoints.existing, 'crash points that nothing has broken');
	assert(schedules.distinct >= SCHEDULES, `${schedules.distinct} distinct schedules; ${SCHEDULES} are promised`);
	assert(processes.runs >= RUNS, `${processes.runs} runs of real processes; ${RUNS} are promised`);
	assert(controls.controls.length >= CONTROLS, `${controls.controls.length} naive controls; ${CONTROLS} are promised`);
	for (const { name, caught } of [...controls.controls, ...model.controls, ...dynamodb.controls])
		assert(caught, `the control "${name}" was not caught`);
	const { lost, duplicates, guessed, stuck, secrets, forged } = processes;
	const off = { violations: explore.violations, lost, duplicates, guessed, stuck, secrets, forged };
	const none = { violations: 0, lost: 0, duplicates: 0, guessed: 0, stuck: 0, secrets: 0, forged: 0 };
	assert.deepEqual({ ...off, lostWrites: dynamodb.lostWrites, doubled: dynamodb.duplicated }, { ...none, lostWrites: 0, doubled: 0 });
}

const git = (...command: string[]): string => execFileSync('git', command, { encoding: 'utf8' }).trim();
