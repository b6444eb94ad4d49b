/** A world falsified in one thing, beside its sinks: the crash checker finds it, and nothing else. */
import { expect, test } from 'vitest';
import { check } from '../crash/checker/check.ts';
import { call, plans } from '../doubles/clerk.ts';
import { RUN } from '../doubles/driver.ts';
import { effectAt, forged, keyed, only, retell, seenThrough } from './forged.ts';

const letter = plans([call('letter.send')]);
const posted = plans([call('book.post', 'account', 7)]);

test('lost: done, and the sink has nothing; opened, answered or reported, and it is nowhere', async () => {
	const seen = await seenThrough(letter);
	only(
		'lost',
		forged(seen, ({ journal }) => void journal.effects.splice(0)),
	);
	only(
		'lost',
		forged(seen, ({ runs }) => void runs.push({ run: 'run-2', task: null, told: 'ok', wanted: [] })),
	);
	const act = { is: 'stop', chain: RUN, told: 'ok', from: { [RUN]: 1 }, stood: { [RUN]: 2 } } as const;
	only(
		'lost',
		forged(seen, ({ acts }) => void acts.push(act)),
	);
	only(
		'lost',
		forged(await seenThrough(posted), ({ state }) => void state.items.clear()),
	);
});

test('lost: a report that its guard has taken, and the record does without', async () => {
	const seen = await seenThrough(letter);
	const cut = forged(seen, (world) => retell(world, (entries) => entries.slice(0, 3)));
	expect(check(cut).map(({ kind }) => kind)).toEqual(['lost', 'stuck']);
});

test('lost: nothing stood in its way, and it ended without', async () => {
	const seen = await seenThrough(plans([call('file.read')]));
	const wanted = { tool: 'letter.send', input: { what: 'it' }, sure: true } as const;
	only(
		'lost',
		forged(seen, ({ runs }) => void runs.splice(0, 1, ...seen.runs.map((run) => ({ ...run, wanted: [...run.wanted, wanted] })))),
	);
});

test('duplicated: at the sink, under one business key, in a table', async () => {
	const seen = await seenThrough(letter, keyed);
	only(
		'duplicated',
		forged(seen, ({ journal }) => void journal.effects.push({ ...effectAt(seen, 'letter'), attempt: 2 })),
	);
	const twoRuns = forged(seen, ({ journal, runs }) => {
		runs.push(...seen.runs.map((run) => ({ ...run, run: 'run-2', told: 'unknown' as const })));
		journal.effects.push({ ...effectAt(seen, 'letter'), run: 'run-2' });
	});
	only('duplicated', twoRuns);
	only(
		'duplicated',
		forged(await seenThrough(posted), ({ state }) => void state.items.set('["book","account"]', { posted: 14 })),
	);
});

test('guessed: what a person saw not to have happened, and what was denied, happened after all', async () => {
	const seen = await seenThrough(letter, {}, ({ outside }) => outside.next('letter', 'dies-before'));
	const [came] = seen.journal.arrived;
	if (!came) throw new Error('nothing came');
	only(
		'guessed',
		forged(seen, ({ journal }) => void journal.effects.push({ ...came, stood: 9 })),
	);
	const lied = forged(seen, ({ journal, acts }) => {
		journal.effects.push({ ...came, stood: 3 });
		acts.splice(0, acts.length, ...seen.acts.map((act) => ({ ...act, looked: false })));
	});
	expect(check(lied)).toEqual([]);
});

test('effect without intent: a session of nobody, too early, with another input, and what nobody asked for', async () => {
	const seen = await seenThrough(letter);
	const came = effectAt(seen, 'letter');
	const arrives = (other: object) => forged(seen, ({ journal }) => void journal.arrived.push({ ...came, ...other }));
	only('effect-without-intent', arrives({ accessKeyId: 'ASIANOBODY' }));
	only('effect-without-intent', arrives({ stood: 2 }));
	only('effect-without-intent', arrives({ input: { what: 'them' } }));
	only(
		'effect-without-intent',
		forged(seen, ({ journal }) => void journal.effects.push({ ...came, input: { what: 'them' } })),
	);
	const handed = seen.handedOut.map((one) => ({ ...one, credentials: { ...one.credentials, accessKeyId: 'ASIANOBODY' } }));
	only(
		'effect-without-intent',
		forged(seen, ({ handedOut }) => void handedOut.push(...handed)),
	);
});
