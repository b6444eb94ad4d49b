/**
 * L1, L2, S1, S3, S5: SIGKILL for the database itself, on files, while several runs write through it; started again on the
 * same files and port. DynamoDB Local answers a transaction before it has committed it, which the service does not; here an
 * answer counts from its commit on. What it acknowledged is there, what it did not say is found out, and the runs go on to a good end.
 */
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { chanceFor } from '../crash/chance.ts';
import { call } from '../doubles/clerk.ts';
import { committed, databaseOnFiles } from './database-on-files.ts';
import { CUT_OFF, type FaultPlan, pass } from './fault-proxy.ts';
import { installOver, isNoAnswer, type Order, type Site } from './installation.ts';
import { localOptions } from './local-store.ts';
import { proxiedStore } from './proxied-store.ts';
import { type ReportPart, reportPart } from './report.ts';
import { lostWrites, whatIsOff } from './what-is-off.ts';
import { tallied } from './witness.ts';

const KILLS = 6;
const RUNS_A_KILL = 2;
/** It is killed at one of so many writes after it has begun, and up to so many milliseconds after that arrived: now before it commits, now after. */
const WRITES = 24;
const AFTER_MS = 12;

const chance = chanceFor('a database killed at random');
let met: Partial<ReportPart> = {};
afterAll(() => reportPart('kill-9', { ...met, seed: chance.seed }));

const tools = ['book.post', 'pay.send', 'letter.send'];
const order = (run: string): Order => {
	const calls = tools.map((tool) => call(tool, run, 7));
	return { run, plans: chance.percent(50) ? [calls] : calls.map((one) => [one]) };
};

/** A database on files of its own, and whoever works with it. */
async function placed() {
	const database = await databaseOnFiles();
	const { endpoint } = database;
	const options = await localOptions(['book', 'afterwards'], endpoint);
	const confirm = committed(options, 'afterwards');
	let atWrite = (): void => {};
	const plan: FaultPlan = ({ target }) => {
		if (target === 'PutItem' || target === 'TransactWriteItems') atWrite();
		return pass;
	};
	const { store, proxy, close } = await proxiedStore(options, { database: endpoint, plan, confirm });
	onTestFinished(close);
	const site = installOver({ ports: store, clean: dynamoStore(options), keyed: true });
	return {
		site,
		proxy,
		kill: database.kill,
		start: database.start,
		/** Resolves when that many more writes have arrived. */
		writes: (count: number): Promise<void> =>
			new Promise((resolve) => {
				let left = count;
				atWrite = () => {
					left -= 1;
					if (left <= 0) resolve();
				};
			}),
	};
}

test(`${KILLS} times, and nothing is lost, doubled or left open`, { timeout: 240_000 }, async () => {
	const { site, proxy, kill, start, writes } = await placed();
	const wanted: Order[] = [];
	for (let time = 1; time <= KILLS; time += 1) {
		for (let index = 0; index < RUNS_A_KILL; index += 1) wanted.push(order(`k-${time}-${index}`));
		const moment = writes(1 + Math.floor(chance.below(WRITES)));
		const work = allGoOn(site, wanted);
		// With few left to do there may be fewer writes than that.
		await Promise.race([moment, work]);
		await setTimeout(chance.below(AFTER_MS));
		await kill();
		await work;
		await start();
		expect({ seed: chance.seed, kill: time, lost: await lostWrites(site) }).toEqual({ seed: chance.seed, kill: time, lost: [] });
	}
	await allGoOn(site, wanted);
	await site.sweep();
	const off = await whatIsOff(site);
	met = {
		requests: proxy.requests.length,
		runs: site.orders.length,
		kills: KILLS,
		acknowledgedWrites: off.acknowledged,
		lostWrites: off.lost,
		duplicated: off.duplicated,
		faultsFired: proxy.fired,
		...tallied(site.asked),
	};
	expect({ seed: chance.seed, off: off.lines }).toEqual({ seed: chance.seed, off: [] });
	expect(site.orders).toHaveLength(KILLS * RUNS_A_KILL);
	// Otherwise it was killed while nobody asked anything of it.
	const { PutItem = 0, TransactWriteItems = 0 } = proxy.fired[CUT_OFF] ?? {};
	expect(PutItem + TransactWriteItems).toBeGreaterThan(0);
	expect(met.unknown).toBeGreaterThan(0);
});

/** Opens what is not open and takes up what has stopped. The database may end on the way: then so does this. */
async function allGoOn(site: Site, wanted: readonly Order[]): Promise<void> {
	const goesOn = async (order: Order): Promise<void> => {
		if (!site.orders.includes(order)) await site.begin(order);
		else if (!(await site.isClosed(order.run))) await site.goOn(order.run);
	};
	await Promise.all(
		wanted.map(async (order) => {
			await goesOn(order).catch((error: Error) => {
				if (!isNoAnswer(error)) throw error;
			});
			await site.settled(order.run);
		}),
	);
}
