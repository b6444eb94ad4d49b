/**
 * Explores every scenario with every fault, and every pair of faults, that can befall it.
 *
 *   node test/crash/explore/main.ts [--faults 1|2|3] [--only part of a name] [--part i/n, i from 0] [--json FILE] [--replay PATH]
 *     [--list] [--anew: remembers nothing, and takes far longer]
 *
 * Exits with 1 when anything is wrong with any world, or a crash point exists that nothing has befallen.
 */
import { parseArgs } from 'node:util';
import { writeReport } from '../crash-report.ts';
import { aside, coverageOf, existingCrashPoints, type Fired } from './crash-points.ts';
import { carryOut, type Job, type JobDone } from './jobs.ts';
import { written } from './path.ts';
import { replay } from './replay.ts';
import { scenarios } from './scenarios/all.ts';

const { values } = parseArgs({
	options: {
		faults: { type: 'string', default: '2' },
		only: { type: 'string' },
		part: { type: 'string' },
		json: { type: 'string' },
		replay: { type: 'string' },
		list: { type: 'boolean', default: false },
		anew: { type: 'boolean', default: false },
	},
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function exploreAll(): Promise<void> {
	const begun = performance.now();
	const faults = Number(values.faults);
	const whole = values.only === undefined && values.part === undefined;
	const jobs = jobsOf(faults);
	const done = await carryOut(jobs, { onDone: (job) => say(lineOf(job)), remembers: !values.anew });
	const violations = done.flatMap((job) => job.violations);
	for (const violation of violations)
		say(`VIOLATION, again: node test/crash/explore/main.ts --replay '${written(violation)}'\n  ${violation.scenario}: ${violation.says}`);
	const coverage = coverageOf(existingCrashPoints(), firedIn(done));
	const seconds = Math.round((performance.now() - begun) / 100) / 10;
	if (values.json !== undefined) writeReport(values.json, reportOf(done, { faults, coverage, seconds }));
	say(
		`${done.length} scenarios, ${sum(done, 'states')} worlds, ${sum(done, 'transitions')} transitions, ${sum(done, 'ends')} ends, in ${seconds} s`,
	);
	say(`crash points: ${coverage.covered} of ${coverage.existing} with everything that can befall them; ${violations.length} violations`);
	const gaps = whole ? [...coverage.missing, ...coverage.unlisted.map((site) => `${site}: met, and not listed`)] : [];
	for (const gap of gaps) say(`  ${gap}`);
	if (violations.length > 0 || gaps.length > 0) process.exitCode = 1;
}

function jobsOf(faults: number): Job[] {
	const [index = 0, of = 1] = values.part?.split('/').map(Number) ?? [];
	return scenarios
		.filter(({ name }) => values.only === undefined || name.includes(values.only))
		.filter((_, position) => position % of === index % of)
		.toSorted((one, other) => (other.thousands ?? 0) - (one.thousands ?? 0))
		.map(({ name }) => ({ name, faults }));
}

const lineOf = ({ name, faults, states, transitions, ends, violations, cpuSeconds }: JobDone): string =>
	`${name}: ${faults} faults, ${states} worlds, ${transitions} transitions, ${ends} ends, ${violations.length} violations, ${cpuSeconds.toFixed(1)} s`;

function firedIn(done: readonly JobDone[]): Fired {
	const fired: { [site: string]: { [kind: string]: number } } = {};
	for (const { sites } of done)
		for (const [site, kinds] of Object.entries(sites)) {
			const all = fired[site] ?? {};
			for (const [kind, times] of Object.entries(kinds)) all[kind] = (all[kind] ?? 0) + times;
			fired[site] = all;
		}
	return fired;
}

const sum = (done: readonly JobDone[], what: 'states' | 'transitions' | 'ends'): number =>
	done.reduce((total, job) => total + job[what], 0);

type Rest = { readonly faults: number; readonly coverage: ReturnType<typeof coverageOf>; readonly seconds: number };
function reportOf(done: readonly JobDone[], { faults, coverage, seconds }: Rest): object {
	return {
		part: 'explore',
		faults,
		crashPoints: { existing: coverage.existing, covered: coverage.covered, bySite: firedIn(done) },
		scenarios: done.map(({ name, faults: explored, states, transitions, ends, faultsFired }) => ({
			name,
			faults: explored,
			states,
			transitions,
			ends,
			faultsFired,
		})),
		aside: aside.map(({ what }) => what),
		pairs: done.every((job) => job.faults >= 2),
		seconds,
		violations: done.reduce((total, job) => total + job.violations.length, 0),
	};
}

if (values.replay !== undefined) process.exitCode = (await replay(values.replay, (line) => process.stdout.write(`${line}\n`))) ? 1 : 0;
else if (values.list) for (const { name } of scenarios) process.stdout.write(`${name}\n`);
else await exploreAll();
