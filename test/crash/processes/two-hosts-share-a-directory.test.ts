/**
 * L1, L4, S2: two hosts work on the same tickets in one directory, begun at the same moment, and one of them is killed,
 * then perhaps the other. Whoever is left takes over, and nothing is doubled.
 */
import { expect, test } from 'vitest';
import { standings } from '../../../local/demo/person.ts';
import { chanceFor } from '../chance.ts';
import { whatIsOff } from './checker.ts';
import { randomMoment } from './moments.ts';
import { nothingAnswered, workToTheEnd } from './person.ts';
import { leftBehindBy, signalTree } from './signals.ts';
import { atSite, type Site } from './site.ts';

test.concurrent('the other one takes over what a killed host drove', async () => {
	const chance = chanceFor('two hosts, one killed');
	await atSite(async (site) => {
		const hosts = [site.begin(site.workOnAllTickets), site.begin(site.workOnAllTickets)] as const;
		const [killed, other] = chance.percent(50) ? hosts : hosts.toReversed();
		if (!killed || !other) throw new Error('there are two');
		await randomMoment(site, killed, chance);
		signalTree(killed.child.pid, 'SIGKILL');
		await Promise.all([killed.ended, other.ended]);
		expect(await unrested(site), `after the other has ended, seed ${chance.seed}`).toEqual([]);
		await endAndCheck(site, `seed ${chance.seed}`);
	});
});

test.concurrent('a third takes over what both have left', async () => {
	const chance = chanceFor('two hosts, both killed');
	await atSite(async (site) => {
		for (const host of [site.begin(site.workOnAllTickets), site.begin(site.workOnAllTickets)]) {
			await randomMoment(site, host, chance);
			signalTree(host.child.pid, 'SIGKILL');
			await host.ended;
		}
		await endAndCheck(site, `seed ${chance.seed}`);
	});
});

/** Runs that neither ended nor wait for a person. */
async function unrested({ directory }: Site): Promise<string[]> {
	const found = await standings(directory);
	return found.filter(({ status }) => status === 'open' || status === 'settling').map(({ run, status }) => `${run} is ${status}`);
}

async function endAndCheck(site: Site, when: string): Promise<void> {
	await workToTheEnd(site, nothingAnswered());
	expect(await whatIsOff(site, site.runs), when).toEqual([]);
	expect(await leftBehindBy(site.directory), 'processes left behind').toEqual([]);
}
