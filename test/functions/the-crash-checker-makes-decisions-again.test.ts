/** Whoever has the ledgers, the agent and its policies comes to every recorded decision; to one that was not made so, nobody does. */
import { expect, test } from 'vitest';
import type { Json } from '../../index.ts';
import { remade } from '../crash/checker/remade.ts';
import type { Seen } from '../crash/checker/seen.ts';
import { type StageOptions, stage } from '../crash/controls/stage.ts';
import { call, plans } from '../doubles/clerk.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { tasks } from './errand.ts';
import { forged, retell } from './forged.ts';

const needsApproval = fakePolicies(({ action, context }) => (action.id !== 'pay.send' || context.approved ? 'allow' : 'deny'));

async function decided(task: Json, options: StageOptions, cutOff: readonly string[] = []) {
	const world = stage({ policies: needsApproval, ...options });
	for (const sink of cutOff) world.outside.next(sink, 'dies-after');
	await world.run(task);
	const seen = await world.over();
	return { seen, again: (other: Seen) => remade(other, { agent: world.desk.agent, policies: needsApproval, marginMs: MARGIN_MS }) };
}

test.for(Object.entries(tasks))('%s: grants, lookups, holds for a doubt and for an approval', async ([, task]) => {
	const { seen, again } = await decided(task, {}, ['pay', 'trace', 'parcel', 'letter']);
	const reasons = [...seen.state.chains.values()].flat().flatMap(({ body }) => /"reason":"([a-z-]+)"/.exec(body)?.[1] ?? []);
	expect(reasons).toEqual(expect.arrayContaining(['policy', 'approval', 'approved', 'look-up', 'doubt']));
	expect(again(seen)).toEqual([]);
});

test('denials: by a budget and by a claim', async () => {
	const options: StageOptions = {
		agent: { otherwise: { spend: ({ cents }) => cents ?? 0, key: ({ what }) => what }, budget: { spend: 100 } },
	};
	const proposed = [call('letter.send', 'one', 60), call('letter.send', 'one', 1), call('letter.send', 'two', 60)].map((one) => [one]);
	const { seen, again } = await decided(plans(...proposed), options);
	const denied = [...seen.state.chains.values()].flat().flatMap(({ body }) => /"reason":"(budget|claimed)"/.exec(body)?.[1] ?? []);
	expect(denied).toEqual(['claimed', 'budget']);
	expect(again(seen)).toEqual([]);
});

test('control: an approval that nobody gave, and a denial for no reason, do not come out again', async () => {
	const { seen, again } = await decided(plans([call('letter.send')]), {});
	const changed = (change: object) =>
		forged(seen, (world) =>
			retell(world, (entries) => entries.map((entry) => (entry.kind === 'decision' ? { ...entry, ...change } : entry))),
		);
	expect(again(changed({ approved: true, reason: 'approved' })).map(({ kind }) => kind)).toEqual(['not-remade']);
	const denied = forged(seen, (world) =>
		retell(world, (entries) =>
			entries
				.filter(({ kind }) => kind !== 'outcome')
				.map((entry) => {
					if (entry.kind !== 'decision') return entry;
					const { grant: _handed, attempt: _number, ...plain } = entry;
					return { ...plain, verdict: 'deny' as const, reason: 'budget' };
				}),
		),
	);
	expect(again(denied).map(({ says }) => says)).toEqual(['place 2: recorded is deny: budget; made again it is grant 1: policy']);
});
