/**
 * S1–S5 with real processes: fifty times the host and all that it runs is killed at a random moment, the world outside
 * lives on, and the work is taken up again. Neither lost nor doubled, by the world's own journals.
 */
import { expect, test } from 'vitest';
import { type Chance, chanceFor } from './chance.ts';
import { whatIsOff } from './checker.ts';
import { report } from './crash-report.ts';
import { type OpenAttempt, openAttemptsAt } from './ledgers.ts';
import { randomMoment } from './moments.ts';
import { type Answered, answerAll, nothingAnswered, workToTheEnd } from './person.ts';
import { leftBehindBy, signalOne, signalTree } from './processes.ts';
import { atSite, type Site } from './site.ts';

const KILLS = 50;
/** After so many the tickets of one directory are mostly done with. */
const KILLS_A_ROUND = 10;
const ROUNDS = 20;
/** Fewer that met an open attempt at more than a reading, and this test would have tested little. */
const HITS_WANTED = 10;

type Kill = { readonly hostAlone: boolean; readonly open: OpenAttempt[] };

test(`${KILLS} kills of host and sandboxes, in several rounds of all tickets`, async () => {
	const chance = chanceFor('kill -9');
	const kills: Kill[] = [];
	const answered = nothingAnswered();
	for (let round = 1; kills.length < KILLS && round <= ROUNDS; round += 1) {
		await atSite(async (site) => {
			for (let time = 0; time < KILLS_A_ROUND && kills.length < KILLS; time += 1) {
				const kill = await killOnce(site, chance);
				if (kill) kills.push(kill);
				if (!site.exists()) continue;
				const before = { ...answered };
				if (!kill || chance.percent(30)) await answerAll(site, answered);
				if (!kill && JSON.stringify(before) === JSON.stringify(answered)) break;
			}
			await workToTheEnd(site, answered);
			expect(await whatIsOff(site, site.runs), `round ${round} of seed ${chance.seed}`).toEqual([]);
			expect(await leftBehindBy(site.directory), 'processes left behind').toEqual([]);
		});
	}
	const told = tell(kills, answered, chance.seed);
	console.log(JSON.stringify(told, null, '\t'));
	report('kill-9-at-fifty-random-moments', told);
	expect(kills.length).toBe(KILLS);
	expect(told.ofEffects, 'kills with an attempt open at more than a reading').toBeGreaterThanOrEqual(HITS_WANTED);
});

/** `undefined` when the work came to rest before its moment. */
async function killOnce(site: Site, chance: Chance): Promise<Kill | undefined> {
	const started = site.begin(site.exists() && chance.percent(50) ? ['resume'] : site.workOnAllTickets);
	// Its sandboxes then end with it, or are the next host's to kill.
	const hostAlone = chance.percent(30);
	if ((await randomMoment(site, started, chance)) === 'rested') return undefined;
	const { pid } = started.child;
	if (!hostAlone) signalTree(pid, 'SIGKILL');
	else if (pid !== undefined) signalOne(pid, 'SIGKILL');
	await started.ended;
	return { hostAlone, open: await openAttemptsAt(site) };
}

function tell(kills: readonly Kill[], answered: Answered, seed: number) {
	const hits = kills.filter(({ open }) => open.length > 0);
	const ofEffects = kills.filter(({ open }) => open.some(({ effect }) => effect !== 'read'));
	const byEffect = Map.groupBy(
		kills.flatMap(({ open }) => open),
		({ effect }) => effect,
	);
	return {
		seed,
		kills: kills.length,
		ofTheHostAlone: kills.filter(({ hostAlone }) => hostAlone).length,
		/** Kills that met an attempt open. */
		hits: hits.length,
		/** Of these, kills that met one open at more than a reading. */
		ofEffects: ofEffects.length,
		/** Of these, kills that met an effect made and not told. */
		afterTheEffect: hits.filter(({ open }) => open.some(({ happened }) => happened)).length,
		openAttempts: Object.fromEntries(
			[...byEffect].map(([effect, open]) => [effect, { open: open.length, happened: open.filter(({ happened }) => happened).length }]),
		),
		person: answered,
	};
}
