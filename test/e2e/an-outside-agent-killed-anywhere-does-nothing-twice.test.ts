/** The example of an agent that runs anywhere, killed with SIGKILL in the midst of its calls and started again with the same words. */
import { expect, test } from 'vitest';
import { throughline } from './command.ts';
import { type Ended, naive, program, RUN, type StockRoom, stockRoom } from './stock-room.ts';

const all = { bolts: 42, nuts: 60 };

test('undisturbed: booked as it was told', async () => {
	const room = stockRoom();
	const { code, stdout } = await room.start(program).ended;
	expect([code, JSON.parse(stdout)]).toEqual([0, { is: 'booked', booked: ['bolts: 40', 'nuts: 60', 'bolts: 2'] }]);
	expect(await room.booked()).toEqual(all);
});

/** By what it has said, or by what stands in the ledger. */
type Watched = { readonly says: (line: string) => Promise<void>; readonly ended: Promise<Ended> };
const moments: [string, (first: Watched, room: StockRoom) => Promise<void>][] = [
	['before anything is recorded', async ({ says }) => says('opened, 0 of 3 remembered')],
	['after a call was taken in', async ({ says }) => says('recorded 2')],
	['when its execution has begun', async ({ says }) => says('started 2')],
	['while the step runs', async ({ ended }, room) => room.underWay(ended)],
	['after a step, before its memory is saved', async ({ says }) => says('done 2')],
	['after its memory was saved', async ({ says }) => says('remembered 2')],
	['before the run is closed', async ({ says }) => says('remembered 3')],
];
test.each(moments)('killed %s', async (_, moment) => {
	const room = stockRoom();
	const first = room.start(program);
	await moment(first, room);
	first.kill();
	// A machine that is slow to look may be told of the moment after the last line.
	const { code: firstCode, signal } = await first.ended;
	expect(signal ?? firstCode).toBeOneOf(['SIGKILL', 0]);
	const { code, stdout } = await room.start(program).ended;
	expect([code, JSON.parse(stdout).booked]).toEqual([0, ['bolts: 40', 'nuts: 60', 'bolts: 2']]);
	expect(await room.booked()).toEqual(all);
});

test('killed time and again, at every line that it says', async () => {
	const room = stockRoom();
	const lines = ['recorded 1', 'done 1', 'remembered 1', 'recorded 2', 'done 2', 'recorded 3', 'done 3', 'remembered 3'];
	for (const line of lines) {
		const started = room.start(program);
		// What it had done when it was killed, it does not say again.
		await Promise.race([started.says(line).catch(() => {}), started.ended]);
		started.kill();
		await started.ended;
	}
	expect((await room.start(program).ended).code).toBe(0);
	expect(await room.booked()).toEqual(all);
});

test('more than may be booked without a person: it waits, is approved, and goes on when it is started again', async () => {
	const room = stockRoom([{ item: 'nuts', quantity: 500 }]);
	const { code, stdout } = await room.start(program).ended;
	expect([code, JSON.parse(stdout)]).toEqual([2, { is: 'waiting', step: 4, for: 'approval' }]);
	expect((await throughline(['approve', RUN, '4', '--yes', '--dir', room.directory])).code).toBe(0);
	expect((await room.start(program).ended).code).toBe(0);
	expect(await room.booked()).toEqual({ bolts: 42, nuts: 560 });
});

test('control: a program that numbers its calls as they come books twice what it does not remember', async () => {
	const room = stockRoom();
	const first = room.start(naive, { THINKING_MS: '30000' });
	await first.says('done 1');
	first.kill();
	await first.ended;
	expect((await room.start(naive).ended).code).toBe(0);
	expect(await room.booked()).toEqual({ bolts: 40 + 42, nuts: 60 });
});
