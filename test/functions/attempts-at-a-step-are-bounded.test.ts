/** A step is attempted five times at most. What then may have happened is settled first; only what surely did not is denied. */
import { expect, test } from 'vitest';
import { ATTEMPTS_PER_STEP } from '../../core/bounds.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const always = Array.from({ length: 20 }, () => 'dies-after' as const);
const granted = Array.from({ length: ATTEMPTS_PER_STEP }, (_, index) => `granted 1.${index + 1}`);

test.for([
	['file.read', 'file'],
	['book.post', 'draft'],
] as const)('%s: the guard ends what is open, since it can have changed nothing, then denies', async ([tool, sink]) => {
	const outside = outsideWorld();
	outside.next(sink, ...always);
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call(tool)]));
	expect(desk.lines().slice(2)).toEqual([
		...granted,
		'failed 1.1 1.2 1.3 1.4 1.5 by guard: superseded',
		'denied 1: attempts',
		'closed: finished',
	]);
	expect([...desk.state.items]).toEqual([]);
});

test('a replay without lookup: a person settles all attempts at once', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('pay', ...always);
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.send')]));
	expect(desk.lines().slice(2)).toEqual([...granted, 'held 1: doubt']);
	expect(outside.effects).toHaveLength(1);
});

test('a replay with lookup: the target is asked about all attempts', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('trace');
	outside.next('trace', ...always);
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.trace')]));
	expect(desk.lines().slice(2)).toEqual([
		...granted,
		'asked about 1.1 1.2 1.3 1.4 1.5',
		'done 1.1 1.2 1.3 1.4 1.5 by target',
		'closed: finished',
	]);
	expect(outside.effects).toHaveLength(1);
});

test('a replay that never arrived, asked about: denied, since it surely did not happen', async () => {
	const outside = outsideWorld();
	outside.next('trace', ...always.map(() => 'dies-before' as const));
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('pay.trace')]));
	expect(desk.lines().slice(-4)).toEqual([
		'asked about 1.1 1.2 1.3 1.4 1.5',
		'failed 1.1 1.2 1.3 1.4 1.5 by target',
		'denied 1: attempts',
		'closed: finished',
	]);
	expect(outside.effects).toEqual([]);
});
