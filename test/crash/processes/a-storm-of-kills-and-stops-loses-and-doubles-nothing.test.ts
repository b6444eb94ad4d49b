/**
 * S1–S5, L4, A3 with real processes: rounds of many tickets, worked on by a real host with all its children, in a world of
 * four services, while all of these are killed (SIGKILL), stopped (SIGSTOP) and woken (SIGCONT) at random. What became of
 * it is read from the journals outside.
 *
 * `THROUGHLINE_STORM_RUNS=5000` makes a longer storm, for a night. `THROUGHLINE_STORM_SEED=N` makes the same choices
 * again; processes on a busy machine are never scheduled the same way twice, so a seed brings back the kind of weather,
 * not each gust. A round that fails leaves its directory in `test/crash/.out/`, named by the seed.
 */
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { chanceFor, chanceOf } from '../chance.ts';
import { report, reportDirectory } from '../crash-report.ts';
import { findings } from './checker.ts';
import { noCommands, operations, total } from './history.ts';
import { nothingAnswered } from './person.ts';
import { leftBehindBy } from './signals.ts';
import { atSite } from './site.ts';
import { endure } from './storm.ts';
import { type Round, tally, whatWasMissed } from './tally.ts';
import { shopOf } from './tickets.ts';

const RUNS = Number(process.env.THROUGHLINE_STORM_RUNS ?? 500);
/** Of eleven tickets each, of which one or two do nothing at all. */
const SHOPS_A_ROUND = 28;
const LEAST_A_SHOP = 9;
const SHOPS_A_ROUND_AT_LEAST = 2;
const AT_ONCE = 2;
const ANSWER_DELAY_MS = 200;
const MINUTE_MS = 60_000;

test(
	`${RUNS} runs that did something, in several rounds`,
	async () => {
		const { seed } = chanceFor('a storm', 'THROUGHLINE_STORM_SEED');
		const begun = performance.now();
		const rounds = await roundsOf(seed);
		const told = { seed, seconds: Math.round((performance.now() - begun) / 1000), ...tally(rounds) };
		report('processes', told);
		console.log(JSON.stringify(told, null, '\t'));
		expect(
			rounds.flatMap(({ off }) => off.map(({ what }) => what)),
			`seed ${seed}`,
		).toEqual([]);
		expect(
			rounds.flatMap(({ leftBehind }) => leftBehind),
			'processes left behind',
		).toEqual([]);
		// A shorter storm was asked for by somebody who looks for something else.
		if (RUNS >= 500) expect(whatWasMissed(told), 'what a storm of this length has to meet').toEqual([]);
	},
	10 * MINUTE_MS + RUNS * 1_500,
);

/** Each waits much of its time, for windows to end and for what sleeps to wake: side by side they wait together. */
async function roundsOf(seed: number): Promise<Round[]> {
	const rounds: Round[] = [];
	let begun = 0;
	let awaited = 0;
	const missing = (): number => RUNS - total(rounds.map((round) => round.operations.runs)).ok - awaited;
	const lane = async (): Promise<void> => {
		while (missing() > 0 && rounds.every(isFine)) {
			const shops = Math.min(SHOPS_A_ROUND, Math.max(SHOPS_A_ROUND_AT_LEAST, Math.ceil(missing() / LEAST_A_SHOP)));
			begun += 1;
			awaited += shops * LEAST_A_SHOP;
			const round = await oneRound({ seed, number: begun, shops });
			awaited -= shops * LEAST_A_SHOP;
			rounds.push(round);
		}
	};
	// What one lane has started is ended by itself, also when the other one fails.
	const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
	for (const each of ended) if (each.status === 'rejected') throw each.reason;
	return rounds;
}

const isFine = ({ off, leftBehind, operations: { runs } }: Round): boolean => off.length === 0 && leftBehind.length === 0 && runs.ok > 0;

function oneRound({ seed, number, shops }: { seed: number; number: number; shops: number }): Promise<Round> {
	const shop = shopOf(shops);
	return atSite(
		async (site) => {
			const answered = nothingAnswered();
			const commands = noCommands();
			const fired = await endure(site, chanceOf(seed + number), { commands, answered });
			const { off, told } = await findings(site, { runs: site.runs, taken: answered.taken });
			const leftBehind = await leftBehindBy(site.directory);
			if (off.length > 0) cpSync(dirname(site.directory), join(reportDirectory, `storm-${seed}-round-${number}`), { recursive: true });
			const { failures } = commands;
			return { fired, operations: operations(told, { commands, answered }), failures, answered, off, leftBehind };
		},
		{ shop, answerDelayMs: ANSWER_DELAY_MS },
	);
}
