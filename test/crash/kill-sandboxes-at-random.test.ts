/**
 * S2–S5: single sandboxes (tools, guards, planner, resume) are killed at random moments while their host goes on. It
 * notices, and what they had under way is settled like after any crash.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { toolFunction } from '../../core/ids.ts';
import { type Chance, chanceFor } from './chance.ts';
import { whatIsOff } from './checker.ts';
import { report } from './crash-report.ts';
import { type OpenAttempt, openAttemptsAt } from './ledgers.ts';
import { nothingAnswered, workToTheEnd } from './person.ts';
import { sandboxesOf, signalOne, startedFor } from './processes.ts';
import { atSite, type Site } from './site.ts';

const ROUNDS = 2;
const KILLS_A_ROUND = 30;
/** Between two kills, at most: more often, and a host could do nothing but start processes. */
const APART_MS = 500;
const KILLS_WANTED = 20;

type Kill = { readonly function: string; readonly open: OpenAttempt[] };

test('a host whose sandboxes are killed one by one does all of its work, once', async () => {
	const chance = chanceFor('kill -9 of sandboxes');
	const kills: Kill[] = [];
	const answered = nothingAnswered();
	for (let round = 1; round <= ROUNDS; round += 1) {
		await atSite(async (site) => {
			kills.push(...(await killThroughout(site, chance)));
			await workToTheEnd(site, answered);
			expect(await whatIsOff(site, site.runs), `round ${round} of seed ${chance.seed}`).toEqual([]);
			expect(startedFor(site.directory), 'processes left behind').toEqual([]);
		});
	}
	const told = {
		seed: chance.seed,
		kills: kills.length,
		/** Kills of a tool that had an attempt open. */
		hits: kills.filter(({ open }) => open.length > 0).length,
		killed: Object.fromEntries([...Map.groupBy(kills, (kill) => kill.function)].map(([name, all]) => [name, all.length])),
		person: answered,
	};
	console.log(JSON.stringify(told, null, '\t'));
	report('kill-sandboxes-at-random', told);
	expect(kills.length).toBeGreaterThanOrEqual(KILLS_WANTED);
	expect(told.hits, 'kills of a tool with an attempt open').toBeGreaterThan(0);
});

async function killThroughout(site: Site, chance: Chance): Promise<Kill[]> {
	const { child, ended } = site.begin(site.workOnAllTickets);
	const kills: Kill[] = [];
	let rested = false;
	void ended.then(() => {
		rested = true;
	});
	while (!rested && kills.length < KILLS_A_ROUND) {
		await pause(chance.below(APART_MS));
		const victim = chance.pick(sandboxesOf(child.pid));
		if (!victim) continue;
		const open = (await openAttemptsAt(site)).filter(({ tool }) => toolFunction('refund-desk', tool) === victim.function);
		if (signalOne(victim.pid, 'SIGKILL')) kills.push({ function: victim.function, open });
	}
	await ended;
	// The host itself has come to an end of its own.
	expect(child.signalCode).toBeNull();
	return kills;
}
