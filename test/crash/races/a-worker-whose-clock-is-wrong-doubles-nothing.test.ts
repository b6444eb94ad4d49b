/**
 * S2: workers whose clocks differ by ten minutes either way; a guard whose clock is nearly right, as far as a guard lets pass. No
 * wait compares clocks, a session ends before anybody says what became of it, and a key is not used past its time.
 */
import { expect, test } from 'vitest';
import { epochMs, resumeFunction } from '../../../core/ids.ts';
import type { Store } from '../../../core/ledger/read.ts';
import { decide } from '../../../functions/decide/decide.ts';
import { call, clerk, clerkTools, HONOURED_MS, plans, TIMEOUT_SECONDS } from '../../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../../doubles/driver.ts';
import { MARGIN_MS } from '../../doubles/functions.ts';
import { outsideWorld } from '../../doubles/outside.ts';

/** The clock of one process is wrong by so much, asked anew for each. */
const skewed =
	(aheadMs: (name: string) => number) =>
	(store: Store, name: string): Store => {
		const wrongMs = aheadMs(name);
		return { ...store, clock: { now: () => epochMs.parse(store.clock.now() + wrongMs) } };
	};
const TEN_MINUTES_MS = 600_000;
/** What a guard lets pass between its clock and the broker's, which answers in whole seconds. */
const PASSED_MS = MARGIN_MS + 1_000;

test.for([TEN_MINUTES_MS, -TEN_MINUTES_MS])(
	'planner and recovery %i ms off: nothing is doubled, and waits are as long as ever',
	async (aheadMs) => {
		const outside = outsideWorld();
		outside.next('parcel', 'dies-after');
		outside.next('letter', 'dies-before');
		const desk = install({
			agent: clerk(outside),
			store: skewed((name) => (name === 'clerk-plan' || name === resumeFunction ? aheadMs : 0)),
		});
		await desk.run(plans([call('parcel.send'), call('letter.send')]));
		expect(desk.lines().filter((line) => line.startsWith('granted'))).toEqual(['granted 1.1', 'granted 2.1']);
		expect(desk.lines()).toEqual(expect.arrayContaining(['done 1.1 by target', 'held 2: doubt']));
		await decide({ run: RUN, by: BY, answer: { is: 'failed', step: 2, note: 'looked' } }, desk.operator);
		await desk.recover();
		expect(desk.lines().at(-1)).toBe('closed: finished');
		expect(desk.waits.map(({ seconds }) => seconds).sort()).toEqual([TIMEOUT_SECONDS + 1, TIMEOUT_SECONDS + 1 + 5]);
		expect(outside.effects).toHaveLength(1);
	},
);

test.for([TEN_MINUTES_MS, -TEN_MINUTES_MS])(
	'a guard %i ms off beside one that is right: it grants nothing, and says nothing false',
	async (aheadMs) => {
		const outside = outsideWorld();
		outside.next('letter', 'dies-after');
		let guards = 0;
		const desk = install({
			agent: clerk(outside),
			readers: 'cold',
			// Every other guard that begins.
			store: skewed((name) => {
				guards += name.endsWith('__guard') ? 1 : 0;
				return name.endsWith('__guard') && guards % 2 === 1 ? aheadMs : 0;
			}),
		});
		await desk.run(plans([call('letter.send')]));
		expect(desk.invocations.map(({ error }) => error?.name)).toContain('ClocksDisagree');
		expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'held 1: doubt']);
		expect(outside.effects).toHaveLength(1);
	},
);

/** Its target checks sessions, and nothing else fences it. */
const byCredentials = (outside: ReturnType<typeof outsideWorld>) =>
	clerk(outside, { tools: clerkTools(outside).map((tool) => ({ ...tool, fencedBy: 'credentials' as const })) });

/** When the session of the first attempt ends, by the broker's own clock, counted from its grant; and when a person is asked. */
async function cutOffBy(aheadMs: number): Promise<{ endsMs: number; askedMs: number }> {
	const outside = outsideWorld();
	outside.next('letter', 'dies-before');
	let guards = 0;
	const desk: Installation = install({
		agent: byCredentials(outside),
		readers: 'cold',
		store: skewed((name) => {
			guards += name.endsWith('__guard') ? 1 : 0;
			return guards === 1 ? aheadMs : 0;
		}),
	});
	let grantedAt = 0;
	outside.meanwhile = () => {
		grantedAt = desk.clock.now();
	};
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().at(-1)).toBe('held 1: doubt');
	const granted = desk.entries().find((entry) => entry.kind === 'decision' && entry.attempt === 1);
	const notAfter = granted?.kind === 'decision' ? (granted.grant?.notAfter ?? 0) : 0;
	return { endsMs: notAfter - grantedAt, askedMs: desk.clock.now() - grantedAt };
}

test.for([0, PASSED_MS, -MARGIN_MS])('granted by a guard %i ms ahead: its session has ended before a person is asked', async (aheadMs) => {
	const { endsMs, askedMs } = await cutOffBy(aheadMs);
	expect(askedMs).toBeGreaterThanOrEqual(endsMs);
});

test('granted by a guard that is further ahead: it is not granted at all', async () => {
	await expect(cutOffBy(PASSED_MS + 1)).resolves.toSatisfy(({ endsMs, askedMs }) => askedMs >= endsMs);
});

/** The first attempt is granted by a clock that is ahead, the second decided by one that is behind, `ms` of true time later. */
async function keyUsedAfter(ms: number, [firstAheadMs, thenAheadMs]: readonly [number, number]): Promise<number | undefined> {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('pay', 'dies-after');
	let guards = 0;
	const desk = install({
		agent: clerk(outside),
		readers: 'cold',
		store: skewed((name) => {
			guards += name.endsWith('__guard') ? 1 : 0;
			return guards === 1 ? firstAheadMs : thenAheadMs;
		}),
	});
	let first = 0;
	let second: number | undefined;
	outside.meanwhile = ({ attempt }) => {
		if (attempt === 1) first = desk.clock.now();
		else second = desk.clock.now() - first;
		if (attempt === 1) desk.clock.advance(ms);
	};
	await desk.run(plans([call('pay.send')]));
	return second;
}

const worst = [PASSED_MS, -MARGIN_MS] as const;
const late = Array.from({ length: 12 }, (_, index) => HONOURED_MS - TIMEOUT_SECONDS * 1000 - 5_000 + index * 500);

test.for(late)('a key is not used past its time, whatever two guards think the time is: %i ms on', async (ms) => {
	const usedMs = await keyUsedAfter(ms, worst);
	// The attempt may act until its process is ended.
	if (usedMs !== undefined) expect(usedMs + TIMEOUT_SECONDS * 1000).toBeLessThanOrEqual(HONOURED_MS);
});

test('control: some of these moments are early enough for the key to be used', async () => {
	expect(await keyUsedAfter(late[0] ?? 0, worst)).toBeDefined();
	expect(await keyUsedAfter(late.at(-1) ?? 0, worst)).toBeUndefined();
});
