/** The process that makes it ends right before, or right after, each call of any port in turn; then the run is taken up again. */
import { expect, test } from 'vitest';
import { type Broken, cameToAGoodEnd, errand, type Task, tasks } from './errand.ts';

const names = Object.keys(tasks) as Task[];
const sides = ['crash-before', 'crash-after'] as const;
const at =
	(index: number, fault: (typeof sides)[number]): Broken =>
	(call) =>
		call.index === index ? fault : undefined;

test.for(names)('undisturbed, %s', async (task) => {
	const played = await errand(task, () => undefined);
	cameToAGoodEnd(played);
	expect(played.desk.executions).toMatchObject([{ end: 'succeeded' }]);
});

test.for(names.flatMap((task) => sides.map((side) => [task, side] as const)))('%s, %s', { timeout: 60_000 }, async ([task, side]) => {
	const calls = (await errand(task, () => undefined)).desk.crossings();
	expect(calls).toBeGreaterThan(80);
	for (let index = 1; index <= calls; index += 1) {
		const where: string[] = [];
		const played = await errand(task, (call) => {
			if (call.index === index) where.push(`${call.at} of ${call.function}`);
			return at(index, side)(call);
		});
		try {
			cameToAGoodEnd(played);
		} catch (error) {
			throw new Error(`${side} call ${index}, ${where.join()}:\n${played.desk.lines().join('\n')}`, { cause: error });
		}
	}
});

test('control: a target that honours no keys, though it says so, is caught by the same check', { timeout: 60_000 }, async () => {
	const calls = (await errand('one after another', () => undefined, { keys: false })).desk.crossings();
	const isCaught = async (index: number): Promise<boolean> => {
		const played = await errand('one after another', at(index, 'crash-before'), { keys: false });
		try {
			cameToAGoodEnd(played);
			return false;
		} catch {
			return true;
		}
	};
	let index = 1;
	while (index <= calls && !(await isCaught(index))) index += 1;
	expect(index).toBeLessThanOrEqual(calls);
});
