/** A1: a round is bounded by its invocation and by what has moved; a new process goes on where the last one stopped, and one run that can't be read is not forgotten. */
import { expect, test } from 'vitest';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { eitherMoved, hourOf, type Moved } from '../../core/audit/rounds.ts';
import { installed } from './reconciling.ts';

const HOUR_MS = 3_600_000;
const subjects = Array.from({ length: 250 }, (_, index) => `run-${String(index).padStart(4, '0')}`);

/** Each invocation has time for so many looks at the clock. */
const hurried = (looks: number) => {
	let left = looks;
	return {
		again: (): void => {
			left = looks;
		},
		remainingMs: () => {
			left -= 1;
			return left < 0 ? 0 : 600_000;
		},
	};
};

test('each subject once, whatever each invocation has time for, each in a process of its own', async () => {
	const time = hurried(40);
	const { moved, wait, now, restarted, lines } = await installed({ remainingMs: time.remainingMs });
	wait(HOUR_MS);
	for (const subject of subjects) await moved.note(subject, hourOf(now()));
	wait(2 * HOUR_MS);
	const perInvocation = [];
	for (let invocation = 0; invocation < 20; invocation += 1) {
		time.again();
		perInvocation.push((await restarted()()).reconciled);
	}
	expect(perInvocation.reduce((sum, count) => sum + count, 0)).toBe(subjects.length + 1);
	expect(Math.max(...perInvocation)).toBeLessThanOrEqual(40);
	expect(lines.filter(({ unfinished }) => unfinished === 1).length).toBeGreaterThan(4);
	expect(lines.at(-1)).toMatchObject({ unfinished: 0 });

	// Control: without a bookmark no process ever comes further than the first.
	const forgetful = { read: async () => undefined, put: async () => {} };
	for (let invocation = 0; invocation < 5; invocation += 1) {
		time.again();
		await restarted({ bookmark: forgetful })();
	}
	expect(lines.at(-1)).toMatchObject({ unfinished: 1 });
});

test('what a round asks for does not grow with what moved long ago', async () => {
	const { moved, wait, now, restarted } = await installed();
	let asked = 0;
	const counting: Moved = {
		...moved,
		during: (hour, page) => {
			asked += 1;
			return moved.during(hour, page);
		},
	};
	const perDay: number[] = [];
	for (let day = 0; day < 12; day += 1) {
		for (let hour = 0; hour < 24; hour += 1) {
			await moved.note(`run-of-${day}-${hour}`, hourOf(now()));
			await restarted({ moved: counting })();
			wait(HOUR_MS);
		}
		perDay.push(asked);
		asked = 0;
	}
	expect(perDay.at(4)).toBeGreaterThan(24);
	expect(perDay.at(-1)).toBe(perDay.at(4));
});

test('a run that can not be read is noted anew, and keeps no other from being reconciled', async () => {
	const { desk, moved, wait, now, restarted, told, lines } = await installed();
	const { ledger } = desk.operator.store;
	await moved.note('a-damaged-run', hourOf(now()));
	let isDamaged = true;
	const store = {
		...desk.operator.store,
		ledger: {
			...ledger,
			read: async (run: string, at: { from: number; limit: number }) => {
				if (isDamaged && run === 'a-damaged-run') throw new Error('damaged');
				return ledger.read(run, at);
			},
		},
	};
	wait(2 * HOUR_MS);
	expect(await restarted({ store })()).toMatchObject({ reconciled: 1, unread: 2 });
	expect(told).toContain('Error');
	expect(lines.at(-1)).toMatchObject({ unfinished: 2 });
	wait(200 * HOUR_MS);
	isDamaged = false;
	// It alone soon, in the hour in which it was noted anew; everything late.
	expect(await restarted({ store })()).toMatchObject({ unread: 0, reconciled: 1 + 3 });
});

test('what is no position is no end of all rounds', async () => {
	const { wait, restarted } = await installed();
	wait(2 * HOUR_MS);
	for (const text of ['', 'null', '{"soon":1}', '{"soon":{"hour":"x","after":null}}'])
		expect(await restarted({ bookmark: memoryBookmark([text]) })()).toMatchObject({ reconciled: 1 });
});

test('two lists are one: each subject once, in order, page by page', async () => {
	const [one, other] = [memoryMoved(), memoryMoved()];
	for (const name of ['a', 'c', 'd']) await one.note(name, '2026-01-01T00');
	for (const name of ['b', 'c', 'e']) await other.note(name, '2026-01-01T00');
	await other.note('f', '2026-01-01T01');
	const both = eitherMoved(one, other);
	const seen: string[] = [];
	for (let after: string | undefined = ''; after !== undefined; ) {
		const page: string[] = await both.during('2026-01-01T00', { after, limit: 2 });
		seen.push(...page);
		after = page.length < 2 ? undefined : page.at(-1);
	}
	expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
	expect(await both.hours({ limit: 5 })).toEqual(['2026-01-01T00', '2026-01-01T01']);
	expect(await both.isNoted('f', '2026-01-01T01')).toBe(true);
	expect(await both.isNoted('a', '2026-01-01T01')).toBe(false);
});
