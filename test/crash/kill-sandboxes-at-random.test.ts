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
import { leftBehindBy, sandboxesOf, signalOne } from './processes.ts';
import { atSite, type Site } from './site.ts';

const KILLS = 40;
/** Between two kills, at most: more often, and a host could do nothing but start processes. */
const APART_MS = 400;
const KILLS_WANTED = 15;
/** So many of a hundred kills are aimed at a tool that has an attempt open, where there is one. */
const AIMED_PERCENT = 60;

type Kill = { readonly function: string; readonly open: OpenAttempt[] };

test('a host whose sandboxes are killed one by one does all of its work, once', async () => {
	const chance = chanceFor('kill -9 of sandboxes');
	const answered = nothingAnswered();
	const kills = await atSite(async (site) => {
		const made = await killThroughout(site, chance);
		await workToTheEnd(site, answered);
		expect(await whatIsOff(site, site.runs), `seed ${chance.seed}`).toEqual([]);
		expect(await leftBehindBy(site.directory), 'processes left behind').toEqual([]);
		return made;
	});
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
	while (!rested && kills.length < KILLS) {
		await pause(chance.below(APART_MS));
		const sandboxes = sandboxesOf(child.pid);
		const attempts = await openAttemptsAt(site);
		const openOf = (name: string): OpenAttempt[] => attempts.filter(({ tool }) => toolFunction('refund-desk', tool) === name);
		const busy = sandboxes.filter((each) => openOf(each.function).length > 0);
		const victim = chance.pick(busy.length > 0 && chance.percent(AIMED_PERCENT) ? busy : sandboxes);
		if (victim && signalOne(victim.pid, 'SIGKILL')) kills.push({ function: victim.function, open: openOf(victim.function) });
	}
	await ended;
	// The host itself has come to an end of its own.
	expect(child.signalCode).toBeNull();
	return kills;
}
