/** An agent that runs elsewhere numbers its own calls: the same again are known, another under a taken number has diverged, gaps are refused. */
import { expect, test } from 'vitest';
import { type IntakeAnswer, intake } from '../../functions/intake/intake.ts';
import { defineAgent } from '../../index.ts';
import { call, clerk, clerkTools, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

async function driven(outside: Outside = outsideWorld()): Promise<Installation> {
	const agent = defineAgent({ name: 'clerk', tools: clerkTools(outside), entities: { Thing: {} }, policies: {} });
	const desk = install({ agent });
	await desk.run(null);
	return desk;
}
const take = (desk: Installation, first: number, ...calls: unknown[]) => intake({ run: RUN, first, calls }, desk.operator);
/** Runs what was taken in, as whoever drives the agent would: one step execution each. */
async function act(desk: Installation, answer: IntakeAnswer): Promise<void> {
	if (!('steps' in answer)) throw new Error(`nothing was taken in: ${answer.is}`);
	for (const { step, tool } of answer.steps) {
		const ids = {
			run: RUN,
			agent: 'clerk',
			epoch: answer.epoch,
			step,
			tool,
			function: `clerk_${tool.replace('.', '_')}`,
			hint: answer.hint,
		};
		const started = desk.start('step', { name: `${RUN}-${step}-${desk.invocations.length}`, run: RUN, input: ids });
		if (started.is === 'started') await started.ended;
	}
}

test('recorded, then known however often it is said again, and done once', async () => {
	const outside = outsideWorld();
	const desk = await driven(outside);
	const first = await take(desk, 1, call('letter.send'), call('file.read'));
	expect(first).toMatchObject({ is: 'recorded', steps: [{ step: 1, tool: 'letter.send' }, { step: 2 }] });
	await act(desk, first);
	const again = await take(desk, 1, call('letter.send'), call('file.read'));
	expect(again).toMatchObject({ is: 'known', steps: [{ step: 1 }, { step: 2 }] });
	await act(desk, again);
	expect(await take(desk, 2, call('file.read'))).toMatchObject({ is: 'known' });
	expect(outside.effectsOf('letter')).toHaveLength(1);
	expect(desk.lines()).toEqual(['opened', 'planned 1 2', 'granted 1.1', 'done 1.1 by tool', 'granted 2.1', 'done 2.1 by tool']);
});

test.for([
	['another tool', call('parcel.send')],
	['another input', call('letter.send', 'something else')],
	['another purpose', { ...call('letter.send'), purpose: 'for fun' }],
])('%s under a taken number has diverged', async ([, other]) => {
	const desk = await driven();
	await take(desk, 1, call('file.read'), call('letter.send'));
	expect(await take(desk, 2, other)).toEqual({ is: 'diverged', step: 2 });
	expect(await take(desk, 1, call('file.read'), other)).toEqual({ is: 'diverged', step: 2 });
	expect(desk.lines()).toEqual(['opened', 'planned 1 2']);
});

test('more calls than before, under numbers that begin with taken ones, have diverged', async () => {
	const desk = await driven();
	await take(desk, 1, call('letter.send'));
	expect(await take(desk, 1, call('letter.send'), call('file.read'))).toEqual({ is: 'diverged', step: 2 });
});

test.for([
	['a gap', 3, [call('letter.send')]],
	['no calls', 2, []],
	['a tool that does not exist', 2, [call('letter.burn')]],
	['an input too deep', 2, [call('letter.send', JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`))]],
	['half a surrogate pair', 2, [{ ...call('letter.send'), purpose: '\ud83d' }]],
	['what is no call', 2, ['send a letter']],
	['too many', 2, Array.from({ length: 33 }, () => call('file.read'))],
] as const)('refused: %s', async ([, first, calls]) => {
	const desk = await driven();
	await take(desk, 1, call('file.read'));
	expect(await take(desk, first, ...calls)).toMatchObject({ is: 'refused' });
	expect(desk.lines()).toEqual(['opened', 'planned 1']);
});

test('two at one time: one is recorded, and the other is known or has diverged', async () => {
	const desk = await driven();
	const same = await Promise.all([take(desk, 1, call('file.read')), take(desk, 1, call('file.read'))]);
	expect(same.map(({ is }) => is).toSorted()).toEqual(['known', 'recorded']);
	const other = await Promise.all([take(desk, 2, call('file.read', 'this')), take(desk, 2, call('file.read', 'that'))]);
	expect(other.map(({ is }) => is).toSorted()).toEqual(['diverged', 'recorded']);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'planned 2']);
});

test('known long after its step was dropped from the state', async () => {
	const desk = await driven();
	for (let step = 1; step <= 30; step += 1) await act(desk, await take(desk, step, call('file.read', `${step}`)));
	expect(desk.lines()).toContain('checkpoint');
	expect(await take(desk, 1, call('file.read', '1'))).toMatchObject({ is: 'known' });
	expect(await take(desk, 1, call('file.read', 'x'))).toEqual({ is: 'diverged', step: 1 });
});

test('a run with a planner of its own takes nothing in', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans());
	expect(await take(desk, 1, call('file.read'))).toMatchObject({ is: 'refused' });
});

test('a run of another agent takes nothing in', async () => {
	const desk = await driven();
	const other = { ...desk.operator, agent: clerk(outsideWorld(), { name: 'other' }) };
	expect(await intake({ run: RUN, first: 1, calls: [call('file.read')] }, other)).toMatchObject({ is: 'refused' });
	expect(desk.lines()).toEqual(['opened']);
});

test('turns end too: a call a turn, and as many again to remember in', async () => {
	const agent = defineAgent({
		name: 'clerk',
		tools: clerkTools(outsideWorld()),
		policies: {},
		entities: { Thing: {} },
		budget: { steps: 2, turns: 1 },
	});
	const desk = install({ agent });
	await desk.run(null);
	for (const step of [1, 2, 3]) expect(await take(desk, step, call('file.read'))).toMatchObject({ is: 'recorded' });
	expect(await take(desk, 4, call('file.read'))).toMatchObject({ is: 'refused', why: expect.stringContaining('budget') });
	expect(await take(desk, 3, call('file.read'))).toMatchObject({ is: 'known' });
});

test('where a step was last left: at its intent, or at a hold', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = await driven(outside);
	const first = await take(desk, 1, call('letter.send'));
	expect(first).toMatchObject({ steps: [{ place: 1 }] });
	await act(desk, first);
	expect(desk.lines().at(-1)).toContain('held');
	expect(await take(desk, 1, call('letter.send'))).toMatchObject({ is: 'known', steps: [{ place: desk.entries().length - 1 }] });
});

test('recovery settles what is open, then waits for the agent', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const desk = await driven(outside);
	const taken = await take(desk, 1, call('parcel.send'));
	if (!('steps' in taken)) throw new Error('refused');
	await expect(
		desk.invoke('clerk_parcel_send', { state: 'Act', run: RUN, step: 1, epoch: 0, hint: 0, tool: 'parcel.send' }),
	).rejects.toMatchObject({ name: 'Runtime.ExitError' });
	await desk.recover(RUN, 'recovery');
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'resumed 1: recovery', 'asked about 1.1', 'done 1.1 by target']);
	await desk.recover(RUN, 'recovery');
	expect(desk.lines()).toHaveLength(6);
	expect(outside.effects).toHaveLength(1);
});
