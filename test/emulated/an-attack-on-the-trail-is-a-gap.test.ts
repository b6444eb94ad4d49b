/**
 * A1: an administrator stops, narrows or deletes the trail while a run goes on. AWS shows that itself, and what the run did meanwhile
 * is not known: one finding, about the trail. Runs after it was undone are clean again.
 */
import { expect, inject, test } from 'vitest';
import { ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import { blind, attacks as ofCore } from '../core/audit/attacks.ts';
import { terms } from '../doubles/trail.ts';
import { onTheTrail } from './attacks/on-the-trail.ts';
import { trailOf } from './deployment/trail.ts';
import { auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { type Copy, ticketOf } from './world/copies.ts';

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
const trail = trailOf(account.outputs, { endpoint: account.endpoint, region: account.region, credentials: account.people.root });
const gaps = async (): Promise<string[]> => (await audit.findings('@trail')).map(({ kind, cause }) => `${kind} of ${cause}`);

async function seenThrough(copy: Copy): Promise<{ run: string; end: number }> {
	const task = ticketOf('t-10-too-old', copy);
	await desk.open(task.id, task);
	await desk.finished(task.id);
	return { run: task.id, end: (await desk.entries(task.id)).at(-1)?.at ?? 0 };
}

const attacks = Object.entries(onTheTrail).map(([name, attack], number) => ({ name, number, ...attack }));

test.for(attacks)('$name', async ({ name, number, does, undone }) => {
	const before = await gaps();
	await does(trail);
	const { run, end } = await seenThrough(`attack-${50 + number}`);
	await undone(trail);
	await audit.untilAbsenceCounts(Math.max(end, Date.now()));
	await audit.delivered(run);
	const [began] = (await audit.seen('@trail')).filter((one) => one.kind === 'trail' && one.coverage !== 'on').slice(-1);
	expect(await audit.reconcile(run)).toMatchObject({ reconciled: 1, findings: 1, unread: 0, open: 0 });
	expect((await gaps()).filter((one) => !before.includes(one))).toEqual([`${ofCore[name]?.finding} of event ${began?.eventID}`]);
	expect(await audit.findings(run)).toEqual([]);
	// Control: the ledger alone has nothing to say about it.
	const stored = await desk.store.ledger.read(run, { from: 0, limit: ENTRIES_PER_QUERY });
	expect(
		blind[ofCore[name]?.unnoticedBy ?? 'the ledger verifies']({
			run,
			stored,
			witnesses: await audit.seen(run),
			expected: new Map(),
			terms,
		}),
	).toBe(true);
});

test('a run after all of it is clean', async () => {
	const { run, end } = await seenThrough('attack-59');
	await audit.untilAbsenceCounts(end);
	await audit.delivered(run);
	expect(await audit.reconcile(run)).toMatchObject({ reconciled: 1, findings: 0, witnessed: 1, unwitnessable: 0, open: 0 });
});
