// The rule on an execution's end knows the execution's name alone, which is made of run and epoch; run ids may end in digits too.
import { expect, test } from 'vitest';
import { executionName } from '../../functions/resume/resume.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

test.for(['run-1', 'ticket-4711-2', 'a_b-', '01J9ZK3V7Q8M2N4P6R8T0V2X4Z'])('%s is resumed by the name of its execution', async (run) => {
	const outside = outsideWorld();
	outside.next('letter', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.begin(plans([call('file.read')]), run);
	await desk.settled(run);
	const answer = await desk.invoke('resume', { run: executionName(run, 12), reason: 'interrupted' });
	expect(answer).toMatchObject({ run, next: 'nothing', why: 'closed' });
});

test.for(['run', 'run-', '-1', 'run 1-0', 'run-1/../x-0'])('%s is no name of an execution', async (run) => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await expect(desk.invoke('resume', { run, reason: 'interrupted' })).rejects.toMatchObject({ name: 'MalformedEvent' });
});

test('control: taken for a run, the name of an execution finds none', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')]));
	await expect(desk.invoke('resume', { run: executionName('run-1', 0), reason: 'recovery' })).rejects.toMatchObject({
		name: 'RunNotFound',
	});
});
