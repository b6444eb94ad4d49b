/** A world falsified in one record: the crash checker finds it, and nothing else. */
import { expect, test } from 'vitest';
import type { Entry } from '../../core/ledger/entry.ts';
import { check } from '../crash/checker/check.ts';
import type { Seen } from '../crash/checker/seen.ts';
import { call, plans } from '../doubles/clerk.ts';
import { RUN } from '../doubles/driver.ts';
import { forged, keyed, only, retell, seenThrough } from './forged.ts';

const letter = plans([call('letter.send')]);

test('two outcomes: the same report twice, and one that says otherwise without saying so', async () => {
	const seen = await seenThrough(letter);
	const again = forged(seen, (world) =>
		retell(world, (entries) => entries.flatMap((entry): Entry[] => (entry.kind === 'outcome' ? [entry, entry] : [entry]))),
	);
	only('two-outcomes', again);
	const otherwise = forged(seen, (world) =>
		retell(world, (entries) =>
			entries.flatMap((entry): Entry[] => (entry.kind === 'outcome' ? [entry, { ...entry, result: 'failed' as const }] : [entry])),
		),
	);
	expect(check(otherwise).map(({ kind }) => kind)).toContain('two-outcomes');
});

test('audit ≠ state: a claim without its decision, a decision without its claim, a session that was never issued', async () => {
	const seen = await seenThrough(letter, keyed);
	only(
		'audit-differs',
		forged(seen, ({ state }) => state.claims.clear()),
	);
	const more = { tool: 'letter.send', key: 'other', n: 1, run: RUN, step: 1, hint: 0 };
	only(
		'audit-differs',
		forged(seen, ({ state }) => void state.claims.set('other', [more])),
	);
	only(
		'audit-differs',
		forged(seen, ({ sessions }) => void sessions.splice(0)),
	);
});

test('audit ≠ state: the planner was told otherwise than is recorded', async () => {
	const seen = await seenThrough(plans([call('file.read')], [call('letter.send')]));
	const told = seen.state.chains.get(RUN)?.length ?? 0;
	const other = forged(seen, (world) => retell(world, (entries) => entries.filter((_entry, place) => place < 4 || place === told - 1)));
	expect(check(other).map(({ kind, says }) => [kind, says.slice(0, 20)])).toContainEqual(['audit-differs', 'the planner was told']);
});

test('audit = state: what is contradicted and settled after closing is none of what the planner was told', async () => {
	const seen = await seenThrough(letter);
	const later = (before: 'done' | 'failed') =>
		forged(seen, (world) =>
			retell(world, (entries) => {
				const said = entries.flatMap((entry) => (entry.kind === 'outcome' ? [{ ...entry, result: before }] : []));
				const contrary = said.map((one) => ({ ...one, result: 'failed' as const, contradicts: true as const }));
				const stands = said.map((one) => ({ ...one, result: 'done' as const, by: 'person' as const, stands: true as const }));
				return [...entries.map((entry) => (entry.kind === 'outcome' ? { ...entry, result: before } : entry)), ...contrary, ...stands];
			}),
		);
	const told = (world: Seen) => check(world).filter(({ says }) => says.startsWith('the planner was told'));
	expect(told(later('done'))).toEqual([]);
	expect(told(later('failed'))).toMatchObject([{ says: 'the planner was told done; recorded is failed' }]);
});

test('fenced writes: by an execution of an epoch before, and testimony that nobody has written', async () => {
	const seen = await seenThrough(letter, {}, ({ outside }) => outside.next('letter', 'dies-before'));
	const before = forged(seen, ({ invocations }) => {
		const plan = invocations.findLastIndex(({ function: name, appends }) => name === 'clerk-plan' && appends.length > 0);
		invocations.splice(
			plan,
			1,
			...seen.invocations.slice(plan, plan + 1).map((one) => ({ ...one, event: { run: RUN, epoch: 0, hint: 0 } })),
		);
	});
	only('fenced-write', before);
	const late = await seenThrough(letter, {}, (world) => {
		world.outside.meanwhile = () => world.takeUp();
	});
	expect(check(late)).toEqual([]);
	const nobodys = forged(late, ({ invocations }) => {
		invocations.splice(0, invocations.length, ...late.invocations.map((one) => ({ ...one, appends: [] })));
	});
	only('fenced-write', nobodys);
});

test('broken, stuck, and a second line of defence', async () => {
	const seen = await seenThrough(letter);
	const altered = forged(seen, ({ state }) => {
		const chain = state.chains.get(RUN) ?? [];
		chain.splice(1, 1, ...chain.slice(1, 2).map((one) => ({ ...one, body: one.body.replace('"epoch":0', '"epoch": 0') })));
	});
	only('broken', altered);
	only(
		'stuck',
		forged(seen, (world) => retell(world, (entries) => entries.slice(0, -1))),
	);
	const asked = await seenThrough(letter, {}, ({ outside }) => outside.next('letter', 'dies-before'));
	only(
		'stuck',
		forged(asked, (world) => {
			retell(world, (entries) => entries.slice(0, 4));
			world.acts.splice(0);
			world.rested = false;
		}),
	);
	const fault = {
		function: 'resume',
		event: { run: RUN },
		queries: [],
		appends: [],
		error: { name: 'AssertionError', message: 'illegal' },
	};
	only(
		'fault',
		forged(seen, ({ invocations }) => void invocations.push(fault)),
	);
});
