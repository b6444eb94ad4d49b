/**
 * Random schedules: `--schedules N` distinct ones, from `--seed S`. A failure prints, before its long story, the seed and path
 * with which `--seed S --replay PATH` plays it again. What has failed once is in `regressions.json`, and played first.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { writeReport } from '../crash-report.ts';
import { explore, type Failure } from './explore.ts';
import { emptyTally, neverReached, type Tally } from './tally.ts';

const regressions = z.array(z.strictObject({ seed: z.int(), path: z.string(), why: z.string() }));

const BATCH = 500;
/** Schedules of which so many are alike are not random any more. */
const TRIES = 1.5;
/** Below so many, nobody can ask that everything be reached. */
const ENOUGH = 10_000;
const BETWEEN_PARTS = 1_000_003;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
// The only real timers here would tell tools to hurry, seconds from now; in this world nobody waits for those.
globalThis.setTimeout = Object.assign(() => ({}) as NodeJS.Timeout, { __promisify__: setTimeout.__promisify__ });

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			schedules: { type: 'string', default: '20000' },
			seed: { type: 'string' },
			replay: { type: 'string' },
			part: { type: 'string', default: '0/1' },
			json: { type: 'string' },
		},
	});
	const [part = 0, parts = 1] = values.part.split('/').map(Number);
	const wanted = Math.ceil(Number(values.schedules) / parts);
	const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 30));
	if (![part, parts, wanted, seed].every(Number.isSafeInteger)) throw new TypeError('--schedules, --seed and --part i/n are whole numbers');
	if (values.replay !== undefined) return replay({ seed, path: values.replay });
	const tally = emptyTally();
	const begun = performance.now();
	const failures = await (async () => {
		const known = await replayKnown();
		return known.length > 0 ? known : search(tally, { wanted, seed: seed + part * BETWEEN_PARTS });
	})();
	const missing = tally.schedules >= ENOUGH ? neverReached(tally) : [];
	const seconds = Math.round((performance.now() - begun) / 100) / 10;
	if (values.json) writeReport(values.json, reportOf(tally, { seed, seconds, failures }));
	for (const { seed: from, path, says } of failures)
		say(`\nFAILED, again: node test/crash/schedules/main.ts --seed ${from} --replay ${path}\n\n${says}`);
	if (missing.length > 0) say(`FAILED: never reached: ${missing.join(', ')}`);
	if (failures.length === 0 && tally.digests.size < wanted)
		say(`FAILED: only ${tally.digests.size} of ${tally.schedules} schedules differ`);
	say(`${tally.digests.size} distinct schedules in ${seconds} s, seed ${seed}: ${JSON.stringify(Object.fromEntries(tally.reached))}`);
	if (failures.length > 0 || missing.length > 0 || tally.digests.size < wanted) process.exitCode = 1;
}

async function search(tally: Tally, { wanted, seed }: { wanted: number; seed: number }): Promise<Failure[]> {
	let told = performance.now();
	for (let batch = 0; tally.digests.size < wanted && tally.schedules < wanted * TRIES + BATCH; batch += 1) {
		const numRuns = Math.min(BATCH, Math.max(1, wanted - tally.digests.size));
		const failure = await explore({ seed: seed + batch, numRuns }, tally);
		if (failure) return [failure];
		if (performance.now() - told < PROGRESS_MS) continue;
		told = performance.now();
		say(`${tally.digests.size} of ${wanted} distinct schedules, ${tally.crossings} crossings`);
	}
	return [];
}

const PROGRESS_MS = 5_000;

async function replayKnown(): Promise<Failure[]> {
	const known = regressions.parse(JSON.parse(readFileSync(new URL('regressions.json', import.meta.url), 'utf8')));
	const failures: Failure[] = [];
	for (const { seed, path, why } of known) {
		const failure = await explore({ seed, path, numRuns: 1 });
		if (failure) failures.push({ ...failure, says: `known before (${why}): ${failure.says}` });
	}
	return failures;
}

async function replay({ seed, path }: { seed: number; path: string }): Promise<void> {
	const failure = await explore({ seed, path, numRuns: 1 });
	say(failure ? failure.says : `seed ${seed}, path ${path}: nothing is wrong`);
	if (failure) process.exitCode = 1;
}

function reportOf(tally: Tally, { seed, seconds, failures }: { seed: number; seconds: number; failures: readonly Failure[] }) {
	const { schedules, empty, ok, fail, unknown, zombieWrites, pauses, skews, crossings } = tally;
	return {
		part: 'schedules',
		schedules,
		distinct: tally.digests.size,
		empty,
		crossings,
		seed,
		faultsFired: Object.fromEntries([...tally.fired].sort(([one], [other]) => one.localeCompare(other))),
		ok,
		fail,
		unknown,
		zombieWrites,
		pauses,
		skews,
		reached: Object.fromEntries(tally.reached),
		seconds,
		failures: failures.map(({ seed: from, path, says }) => ({ seed: from, path, says: says.split('\n')[0] ?? '' })),
	};
}

await main();
