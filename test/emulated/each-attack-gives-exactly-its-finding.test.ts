/**
 * A1, L2: an attacker in the account, one thing at a time, each on a run of its own. What the deployed `reconcile` finds of it, and
 * what the deployed archive has raised by then, is what that attack is to give, and nothing else.
 */
import { beforeAll, expect, inject, test } from 'vitest';
import type { Finding } from '../../core/audit/finding.ts';
import { blind, attacks as ofCore } from '../core/audit/attacks.ts';
import { terms } from '../doubles/trail.ts';
import { attackerIn } from './attacks/attacker.ts';
import { onCredentials } from './attacks/on-credentials.ts';
import { onTheLedger } from './attacks/on-the-ledger.ts';
import { onTheTrail } from './attacks/on-the-trail.ts';
import { onWhatIsSeen } from './attacks/on-what-is-seen.ts';
import { type Done, type Scene, sceneOf } from './attacks/scene.ts';
import { type Answer, auditing } from './desk/auditing.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';
import { ticketOf } from './world/copies.ts';

const SIDE_BY_SIDE = 4;
/** Two digits each, so that no run's name begins with another's. */
const FIRST = 10;

const account = inject('emulated');
const desk = await emulatedDesk(account);
const audit = await auditing(account);
const attacker = attackerIn(account);

const attacks = { ...onTheLedger, ...onCredentials, ...onWhatIsSeen };
const names = Object.keys(attacks);
type Played = { readonly scene: Scene; readonly done: Done };
const played = new Map<string, { readonly scene: Scene; readonly done: Done | { readonly failed: unknown } }>();

/** All are played before the first is looked into, so that absence is waited for once. */
beforeAll(async () => {
	const left = [...Object.entries(attacks).entries()];
	const play = async (): Promise<void> => {
		for (let next = left.shift(); next; next = left.shift()) {
			const [number, [name, { ticket, does }]] = next;
			const scene = sceneOf(ticketOf(ticket, `attack-${FIRST + number}`), { desk, audit, attacker });
			played.set(name, { scene, done: await does(scene).catch((error: unknown) => ({ failed: error })) });
		}
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, play));
	await audit.untilAbsenceCounts(Date.now());
});

const of = (name: string): Played => {
	const found = played.get(name);
	if (!found) throw new Error(`${name} was not played`);
	const { scene, done } = found;
	if ('failed' in done) throw done.failed;
	return { scene, done };
};
const told = ({ kind, cause }: Pick<Finding, 'kind' | 'cause'>): string => `${kind} of ${cause}`;

test.for(names)('%s', async (name) => {
	const { scene, done } = of(name);
	await audit.delivered(scene.run);
	const archived = (done.archived ?? []).map((place) => told({ kind: 'tampered-entry', cause: `place ${place}` }));
	// The archive takes the table's stream, and is not waited for by anybody else.
	const raised = await desk.until(`the archive has raised ${archived.length} findings about ${scene.run}`, async () => {
		const now = (await audit.findings(scene.run)).map(told);
		return archived.every((one) => now.includes(one)) ? now : undefined;
	});
	expect(raised.length).toBeGreaterThanOrEqual(archived.length);
	const answer: Answer = await audit.reconcile(scene.run);
	const all = await audit.findings(scene.run);
	const found = all.filter((finding) => !archived.includes(told(finding)));
	expect(found.map(({ kind }) => kind)).toEqual([ofCore[name]?.finding]);
	expect(answer).toMatchObject({ reconciled: 1, findings: 1, unread: 0 });
	expect(all).toHaveLength(archived.length + 1);
	if (done.cause !== undefined) expect(found[0]?.cause).toBe(done.cause);
	if (done.why) expect(found[0]?.why).toMatch(done.why);
});

test.for(names)('control: %s, unnoticed by who looks at less', async (name) => {
	const { run, ledger } = of(name).scene;
	const looks = blind[ofCore[name]?.unnoticedBy ?? 'the ledger verifies'];
	const { stored } = await ledger();
	expect(looks({ run, stored, witnesses: await audit.seen(run), expected: new Map(), terms })).toBe(true);
});

test('the command line finds the same, and its exit code says so', async () => {
	const { run } = of('a forged continuation').scene;
	expect(await audit.byCommandLine(run)).toMatchObject({ exit: 1, findings: [{ kind: 'broken-chain' }] });
});

test('every attack that core knows is played here', () => {
	expect([...names, ...Object.keys(onTheTrail)].toSorted()).toEqual(Object.keys(ofCore).toSorted());
});
