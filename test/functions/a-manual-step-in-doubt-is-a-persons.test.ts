/** S4: a target that neither honours keys nor can be asked: cut off, the step waits, then asks a person, who settles it. */
import { expect, test } from 'vitest';
import { type Answer, decide } from '../../functions/decide/decide.ts';
import { call, clerk, clerkTools, plans, TIMEOUT_SECONDS } from '../doubles/clerk.ts';
import { BY, install, RUN } from '../doubles/driver.ts';
import { CUT_OFF, type Outside, outsideWorld } from '../doubles/outside.ts';

const task = plans([call('letter.send')], [call('file.read')]);
const atMostOnce = (outside: Outside) => expect(outside.effectsOf('letter').length).toBeLessThanOrEqual(1);

test.for(CUT_OFF)('%s: held in doubt after the wait; nothing else is done meanwhile', async (fate) => {
	const outside = outsideWorld();
	outside.next('letter', fate);
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'held 1: doubt']);
	expect(desk.waits).toEqual([{ step: 1, seconds: TIMEOUT_SECONDS + 1 }]);
	expect(desk.executions).toEqual([{ machine: 'agent-run', run: RUN, end: 'succeeded' }]);
	await desk.recover(RUN, 'recovery');
	expect(desk.lines()).toHaveLength(4);
	atMostOnce(outside);
});

const answers: [Answer, string][] = [
	[{ is: 'done', step: 1, result: { receipt: 'seen' }, note: 'they have it' }, 'done'],
	[{ is: 'failed', step: 1, note: 'it never left' }, 'failed'],
];
test.for(answers)('a person says $0.is: the step ends so, the planner is told, and the run goes on', async ([answer, ended]) => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(await decide({ run: RUN, by: BY, answer }, desk.operator)).toMatchObject({ is: 'recorded', step: 1 });
	await desk.recover();
	expect(desk.lines().slice(4)).toEqual([
		`${ended} 1.1 by person`,
		'resumed 1: answer',
		'planned 2',
		'granted 2.1',
		'done 2.1 by tool',
		'closed: finished',
	]);
	expect(desk.entries()[4]).toMatchObject({ who: BY });
	atMostOnce(outside);
});

test('answered once, it is not asked any more', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	const answer = { is: 'done', step: 1, result: null, note: 'they have it' } as const;
	await decide({ run: RUN, by: BY, answer }, desk.operator);
	expect(await decide({ run: RUN, by: BY, answer: { is: 'failed', step: 1, note: 'no' } }, desk.operator)).toMatchObject({
		is: 'refused',
		why: expect.stringContaining('has ended'),
	});
});

test.for([
	['half a surrogate pair', { receipt: '\ud83d' }],
	['a megabyte', { receipt: 'x'.repeat(1_048_576) }],
] as const)('an answer with %s is refused, and the step waits on', async ([, result]) => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	const answer = { is: 'done', step: 1, result, note: 'they have it' } as const;
	expect(await decide({ run: RUN, by: BY, answer }, desk.operator)).toMatchObject({ is: 'refused' });
	expect(desk.lines().at(-1)).toBe('held 1: doubt');
});

test('control: the same tool declared a read does it twice, and the check sees it', async () => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const tools = clerkTools(outside).map((tool) => ({ ...tool, effect: 'read' as const }));
	await install({ agent: clerk(outside, { tools }) }).run(task);
	expect(() => atMostOnce(outside)).toThrow();
});
