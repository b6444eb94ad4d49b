/**
 * An execution that hands over after every turn: each call of a port, a function or a machine on the way is broken in every way there
 * is, on both sides, the death of the execution and of its host among them. Nothing is lost, doubled or left undone.
 */
import { expect, test } from 'vitest';
import { wordOf } from '../../statemachines/shape.ts';
import { explore } from '../crash/explore/explore.ts';
import { errand, RUN } from '../crash/explore/scenarios/clerk.ts';
import { machines } from '../crash/world/machine.ts';
import type { World } from '../crash/world/world.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** A turn of one step leaves three entries and more. */
const ENTRIES = 3;
const proposed = [[call('file.read')], [call('parcel.send')], [call('book.post', 'account', 7)]];
const handingOver = () => errand('hands over again and again', { plans: { [RUN]: proposed }, entriesPerExecution: ENTRIES });

const handOvers = ({ state }: World): number =>
	(state.chains.get(RUN) ?? []).filter(({ body }) => JSON.parse(body).kind === 'resumed' && JSON.parse(body).reason === 'handover').length;

test('undisturbed, each turn is an execution of its own', async () => {
	const desk = install({ agent: clerk(outsideWorld()), entriesPerExecution: ENTRIES });
	await desk.run(plans(...proposed));
	expect(desk.lines().filter((line) => line.endsWith(': handover'))).toHaveLength(3);
	expect(desk.executions.map(({ machine, end }) => `${machine} ${end}`)).toEqual([
		...Array.from({ length: 3 }, () => ['agent-run succeeded', 'recover succeeded']).flat(),
		'agent-run succeeded',
	]);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('broken anywhere, on either side, the run goes on and every step is done once', { timeout: 120_000 }, async () => {
	const ends: World[] = [];
	const explored = await explore(handingOver(), { faults: 1, onEnd: (world) => ends.push(world) });
	expect(explored.violations).toEqual([]);
	expect(ends.length).toBeGreaterThan(20);
	expect(Math.min(...ends.map(handOvers))).toBeGreaterThanOrEqual(2);
	// What starts the recovery, and what starts the next epoch: killed before, killed after, and their host with them.
	for (const site of ['statemachines/agent-run.asl.json:HandOver', 'statemachines/recover.asl.json:Start'])
		expect([...(explored.sites.get(site)?.keys() ?? [])]).toEqual(
			expect.arrayContaining(['crash-before', 'crash-after', 'unknown-written', 'twice']),
		);
	const resume = [...(explored.sites.get('statemachines/recover.asl.json:Resume')?.keys() ?? [])];
	expect(resume).toEqual(expect.arrayContaining(['crash-before', 'crash-after', 'host-before', 'host-after']));
});

test('control: a hand-over that records the next epoch and starts nothing is found', { timeout: 120_000 }, async () => {
	const resumed = machines.recover.States.Resumed;
	const start = resumed?.Type === 'Choice' ? resumed.Choices.find((rule) => wordOf(rule) === 'start') : undefined;
	if (!start) throw new Error('a run may be started again');
	start.Next = 'Over';
	try {
		const { violations } = await explore(handingOver(), { faults: 0 });
		expect(violations.map(({ says }) => says).join('\n')).toMatch(/^stuck: /);
	} finally {
		start.Next = 'Pause';
	}
});
