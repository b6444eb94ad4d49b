/** What docs/agents-from-anywhere.md shows for the plain AWS CLI, done as it stands there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import stockRoom from '../../agents/stock-room/agent.ts';
import { install } from '../doubles/driver.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/agents-from-anywhere.md');
const found = (pattern: RegExp, text = page): string => {
	const [, inside] = pattern.exec(text) ?? [];
	if (inside === undefined) throw new Error(`the page has no ${pattern}`);
	return inside;
};
const opening = JSON.parse(found(/-d '(\{"run".*\})' "\$OPEN_URL"/)) as { run: string; task: { deliveries: [] } };
const input = JSON.parse(found(/```json\n([\s\S]*?)```/)) as { run: string; step: number };
const asking = JSON.parse(found(/--payload '(\{.*\})'/)) as object;
const saving = JSON.parse(found(/with `(\{"run": "monday", "memory".*?\}\})`/)) as object;
const name = found(/--name (\S+) /);

async function opened() {
	const desk = install({ agent: stockRoom });
	await desk.run(opening.task, opening.run);
	const start = async (as: string) => {
		const started = desk.start('step', { name: as, run: input.run, input });
		return started.is === 'started' ? await started.ended : { is: 'exists' };
	};
	return { desk, start };
}

test('the call is made, its result is told, the memory is saved', async () => {
	const { desk, start } = await opened();
	expect(name.startsWith(`${opening.run}.`)).toBe(true);
	expect(await start(name)).toEqual({ is: 'succeeded' });
	expect(await desk.invoke('stock-room-status', asking)).toMatchObject({ steps: [{ is: 'done', result: { item: 'bolts', booked: 40 } }] });
	expect(await desk.invoke('stock-room-intake', saving)).toMatchObject({ is: 'kept' });
});

test('after a crash the same command again: it was started, and under any other name it does no harm', async () => {
	const { desk, start } = await opened();
	await start(name);
	expect(await start(name)).toEqual({ is: 'exists' });
	expect(await start(`${name}2`)).toEqual({ is: 'succeeded' });
	expect(desk.state.items.get(JSON.stringify(['stock', 'bolts']))).toMatchObject({ quantity: 40 });
});

test('the example’s own page shows a task that it takes', () => {
	const task = JSON.parse(found(/```json\n([\s\S]*?)```/, read('agents/stock-room/README.md')));
	expect(stockRoom.task.safeParse(task).success).toBe(true);
});
