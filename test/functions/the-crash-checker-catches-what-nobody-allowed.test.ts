/** A world falsified in what people allowed, or in what others may read: the crash checker finds it, and nothing else. */
import { expect, test } from 'vitest';
import { check } from '../crash/checker/check.ts';
import { call, plans } from '../doubles/clerk.ts';
import { RUN } from '../doubles/driver.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { forged, keyed, only, retell, seenThrough } from './forged.ts';

const letter = plans([call('letter.send')]);

test('unauthorised: handed out while frozen', async () => {
	const seen = await seenThrough(letter, {}, async ({ people }) => {
		await people.freeze('@all');
		await people.thaw('@all');
	});
	// As if nobody had thawed before the end.
	const thawedLast = forged(seen, (world) => {
		world.acts.splice(1, 1, ...seen.acts.slice(1).map((act) => ({ ...act, from: { [RUN]: 99 } })));
		world.handedOut = seen.handedOut.map((handed) => ({ ...handed, stood: { ...handed.stood, '@all': 1 } }));
	});
	only('unauthorised', thawedLast);
	// Nobody had begun to thaw when it was decided, and somebody had thawed when it was handed out.
	expect(check(forged(thawedLast, ({ handedOut }) => void handedOut.splice(0, handedOut.length, ...seen.handedOut)))).toEqual([]);
});

test('over budget', async () => {
	const seen = await seenThrough(letter, keyed);
	only(
		'over-budget',
		forged(seen, (world) => void Object.assign(world.agent.budget, { spend: 59 })),
	);
});

test('secret: in a log, an error, a history, a payload, a table, and a text that may stand sealed only', async () => {
	const seen = await seenThrough(plans([call('letter.send', 'to the widow')]), { sealed: ['to the widow'] });
	const [{ token = '', credentials } = {}] = seen.handedOut;
	if (!credentials) throw new Error('nothing was handed out');
	const error = { name: 'Error', message: `403 for ${credentials.sessionToken}` };
	only(
		'secret',
		forged(seen, ({ logged }) => void logged.push({ name: 'Error', message: token })),
	);
	only(
		'secret',
		forged(seen, ({ logged }) => void logged.push({ name: 'Error', message: 'no letter to the widow' })),
	);
	only(
		'secret',
		forged(seen, ({ invocations }) => void Object.assign(invocations.at(-1) ?? {}, { error })),
	);
	only(
		'secret',
		forged(seen, ({ invocations }) => void Object.assign(invocations.at(-1) ?? {}, { answer: token })),
	);
	only(
		'secret',
		forged(seen, ({ state }) => void state.payloads.set('one', Buffer.from(credentials.secretAccessKey))),
	);
	only(
		'secret',
		forged(
			seen,
			({ state }) => void state.items.set('one', { by: Buffer.from([...(state.keys.get(RUN) ?? [])].map(Number)).toString('hex') }),
		),
	);
});

test('unauthorised: approved by nobody, by somebody who was shown something else, and refused', async () => {
	const policies = fakePolicies(({ context }) => (context.approved ? 'allow' : 'deny'));
	const seen = await seenThrough(letter, { policies });
	expect(check(seen)).toEqual([]);
	const others = (change: object) => seen.acts.map((act) => ({ ...act, ...change }));
	const shown = { input: { what: 'it' }, about: { type: 'Thing', id: 'it', facts: { colour: 'red' } } };
	only(
		'unauthorised',
		forged(seen, ({ acts }) => void acts.splice(0)),
	);
	only(
		'unauthorised',
		forged(seen, ({ acts }) => void acts.splice(0, 1, ...others({ shown }))),
	);
	const refused = forged(seen, (world) => {
		retell(world, (entries) => entries.map((entry) => (entry.kind === 'approval' ? { ...entry, answer: 'refused' } : entry)));
		world.acts.splice(0, 1, ...others({ is: 'refuse' }));
	});
	expect(check(refused).map(({ kind }) => kind)).toContain('unauthorised');
});
