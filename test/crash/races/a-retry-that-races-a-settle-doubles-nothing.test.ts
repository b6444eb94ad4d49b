/** S2, S4: an attempt was cut off. While one function settles it, the machine tries the act again: whoever writes first, the other decides from there. */
import { expect, test } from 'vitest';
import { openSteps } from '../../../core/ledger/state.ts';
import { decide } from '../../../functions/decide/decide.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { BY, install, RUN } from '../../doubles/driver.ts';
import { type Fate, type Outside, outsideWorld } from '../../doubles/outside.ts';

const tools = ['letter.send', 'parcel.send', 'pay.send', 'pay.trace', 'book.post', 'file.read'] as const;

/** The execution dies with the attempt; then both come, `first` a little ahead. */
async function race(
	tool: (typeof tools)[number],
	fate: Fate,
	first: 'Act' | 'Settle',
	{ keys = true } = {},
): Promise<{ outside: Outside; ends: readonly string[]; posted: number }> {
	const outside = outsideWorld();
	if (keys) outside.honoursKeys.add('pay').add('trace');
	outside.next(sinkOf(tool), fate);
	let granted = false;
	const desk = install({
		agent: clerk(outside),
		readers: 'cold',
		// After the first attempt nothing of the execution is left.
		fault: ({ at, function: name }) =>
			granted && at === 'guard.ask' && name.startsWith('clerk_') && desk.executions.length === 0 ? 'unavailable' : undefined,
	});
	outside.meanwhile = () => {
		granted = true;
	};
	await desk.run(plans([call(tool)]));
	const epoch = (await desk.operator.reader.read(RUN)).state.epoch;
	const event = { run: RUN, epoch, step: 1, tool, hint: 0 };
	const name = `clerk_${tool.replace('.', '_')}`;
	const act = () => desk.invoke(name, { state: 'Act', ...event });
	const settle = () => desk.invoke(name, { state: 'Settle', ...event, attempts: [1] });
	await Promise.allSettled(first === 'Act' ? [act(), settle()] : [settle(), act()]);
	for (let sweep = 0; sweep < 6; sweep += 1) {
		const { state } = await desk.operator.reader.read(RUN);
		const [open] = openSteps(state);
		if (state.closed) break;
		if (open?.hold) {
			const is = outside.effectsOf(sinkOf(tool)).length > 0 ? ({ is: 'done', result: null } as const) : ({ is: 'failed' } as const);
			await decide({ run: RUN, by: BY, answer: { ...is, step: 1, note: 'looked' } }, desk.operator);
		}
		await desk.recover();
	}
	expect(desk.check()).toMatchObject({ is: 'whole', state: { contradictions: [] } });
	const posted = Number(desk.state.items.get(JSON.stringify(['book', 'it']))?.posted ?? 0);
	return { outside, ends: desk.lines().filter((line) => line.startsWith('closed')), posted };
}
const sinkOf = (tool: string): string =>
	({ 'letter.send': 'letter', 'parcel.send': 'parcel', 'pay.send': 'pay', 'pay.trace': 'trace', 'book.post': 'draft' })[tool] ?? 'file';

const cases = tools.flatMap((tool) =>
	(['dies-before', 'dies-after'] as const).flatMap((fate) => (['Act', 'Settle'] as const).map((first) => [tool, fate, first] as const)),
);

test.for(cases)('%s that %s, %s first', async ([tool, fate, first]) => {
	const { outside, ends, posted } = await race(tool, fate, first);
	expect(ends).toEqual(['closed: finished']);
	if (tool === 'book.post') expect(posted).toBe(1);
	else if (tool !== 'file.read') expect(outside.effectsOf(sinkOf(tool)).length).toBeLessThanOrEqual(1);
	if (tool.startsWith('pay') || tool === 'parcel.send' || fate === 'dies-after')
		expect(outside.effectsOf(sinkOf(tool)).length).toBeGreaterThanOrEqual(1);
});

test('control: a target that honours no keys, though it says so, does it twice, and the check sees it', async () => {
	const { outside } = await race('pay.send', 'dies-after', 'Act', { keys: false });
	expect(() => expect(outside.effectsOf('pay').length).toBeLessThanOrEqual(1)).toThrow();
});
