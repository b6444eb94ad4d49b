/** Work that goes on while faults of every kind strike the host, its children and the services outside, side by side. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Started } from '../../../local/demo/command.ts';
import type { Chance } from '../chance.ts';
import { type Fired, killHost, killService, pickService, type Struck, stopHost, stopService, strikeSandbox } from './faults.ts';
import { type Commands, countCommand } from './history.ts';
import { watchLedger } from './ledger-watch.ts';
import { type Answered, answerAll, workToTheEnd } from './person.ts';
import type { Site } from './site.ts';

/**
 * How far apart faults lie: counted in outcomes that the ledger has gained, so that slow machines get on too, and in time,
 * so that waits and recoveries are struck as well.
 */
const apart = {
	hosts: { outcomes: 120, atMostMs: 30_000 },
	sandboxes: { outcomes: 13, atMostMs: 5_000 },
	services: { outcomes: 22, atMostMs: 6_000 },
} as const;
/** So many of a hundred faults of a host are followed by another, while it is still taking its runs up. */
const TWICE_PERCENT = 15;
const TWICE_WITHIN_MS = 2_500;
/** A storm ends with so many of a hundred runs still open: faults that meet nobody count for nothing. */
const CALM_PERCENT = 4;
const STARTS = 200;
const POLL_MS = 40;

/** Brings every ticket of a site to its end; what is off then is for the checker to tell. */
export async function endure(site: Site, chance: Chance, met: { commands: Commands; answered: Answered }): Promise<Fired[]> {
	const watch = watchLedger(site);
	let host: Started | undefined;
	let over = false;
	const struck: Struck = { site, host: () => host, watch, chance };
	const fired: Fired[] = [];
	const isOver = (): boolean => over;
	const strikes = Promise.all([
		strike({ struck, isOver, fired, ...apart.hosts }, hostStrikes(struck), TWICE_PERCENT),
		strike({ struck, isOver, fired, ...apart.sandboxes }, () => strikeSandbox(struck, chance.percent(60) ? 'kill' : 'stop')),
		strike({ struck, isOver, fired, ...apart.services }, () => strikeService(struck)),
	]);
	// A fault that can't be carried out ends the storm, and fails it below.
	strikes.catch(() => {});
	try {
		await keepWorking({
			site,
			chance,
			met,
			watch,
			calm: () => over,
			startWith: (started) => (host = started),
			calmDown: () => (over = true),
		});
	} finally {
		over = true;
		await strikes;
		watch.close();
	}
	await workToTheEnd(site, met.answered, (ended) => countCommand(met.commands, ended));
	return fired;
}

/** Drawn like cards, so that a round meets every kind, and in every order. */
function hostStrikes(struck: Struck): () => Promise<Fired | undefined> {
	const kinds = [
		() => killHost(struck, 'whole'),
		() => killHost(struck, 'whole'),
		() => killHost(struck, 'alone'),
		() => stopHost(struck, 'whole'),
		() => stopHost(struck, 'alone'),
	];
	let left = [...kinds];
	return async () => {
		const drawn = struck.chance.pick(left) ?? kinds[0];
		const fired = await drawn?.();
		if (fired) left = left.filter((kind) => kind !== drawn);
		if (left.length === 0) left = [...kinds];
		return fired;
	};
}

const strikeService = (struck: Struck): Promise<Fired | undefined> => {
	const service = pickService(struck);
	return struck.chance.percent(50) ? killService(struck, service) : stopService(struck, service);
};

type Striking = { struck: Struck; isOver: () => boolean; fired: Fired[]; outcomes: number; atMostMs: number };

async function strike(
	{ struck, isOver, fired, outcomes, atMostMs }: Striking,
	once: () => Promise<Fired | undefined>,
	twicePercent = 0,
): Promise<void> {
	const { watch, chance } = struck;
	let soon = false;
	while (!isOver()) {
		const wanted = watch.outcomes() + 1 + chance.below(2 * outcomes);
		const end = performance.now() + chance.below(soon ? TWICE_WITHIN_MS : 2 * atMostMs);
		while (!isOver() && performance.now() < end && (soon || watch.outcomes() < wanted)) await pause(POLL_MS);
		if (isOver()) return;
		const one = await once();
		if (one) fired.push(one);
		soon = chance.percent(twicePercent);
	}
}

type Working = {
	site: Site;
	chance: Chance;
	met: { commands: Commands; answered: Answered };
	watch: Struck['watch'];
	calm: () => boolean;
	calmDown: () => void;
	startWith: (started: Started) => void;
};

/** Starts a host whenever there is none, and lets a person answer in between, until nothing is left that anybody could do. */
async function keepWorking({ site, chance, met, watch, calm, calmDown, startWith }: Working): Promise<void> {
	let stuck: readonly string[] = [];
	for (let starts = 0; starts < STARTS; starts += 1) {
		const resumes = site.exists() && watch.unfinished().length > 0 && chance.percent(8);
		const started = site.begin(stuck.length > 0 ? ['resume', ...stuck] : resumes ? ['resume'] : site.workOnAllTickets);
		startWith(started);
		const ended = await watched(started, () => {
			const left = watch.unfinished().length;
			if (site.runs.length * (1 - CALM_PERCENT / 100) < watch.opened() - left) calmDown();
		});
		const how = countCommand(met.commands, ended);
		if (!site.exists()) continue;
		const before = met.answered.taken.length;
		stuck = how === 'ok' || chance.percent(50) ? await answered(site, met.answered, watch.unfinished()) : [];
		met.answered.freed += stuck.length;
		const nothingNew = met.answered.taken.length === before && stuck.length === 0;
		if (calm() || (how === 'ok' && nothingNew && !resumes && watch.opened() === site.runs.length)) return;
	}
}

async function watched(started: Started, look: () => void): Promise<{ code: number | null; stdout: string }> {
	let rested = false;
	const ended = started.ended.finally(() => {
		rested = true;
	});
	while (!rested) {
		look();
		await Promise.race([ended, pause(POLL_MS * 5)]);
	}
	return ended;
}

/** A stopped process may hold the file: then nothing is answered this time. */
async function answered(site: Site, met: Answered, runs: readonly string[]): Promise<string[]> {
	try {
		return await answerAll(site, met, runs);
	} catch {
		met.unknown += 1;
		return [];
	}
}
