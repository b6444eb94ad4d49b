/** Attacks with sessions of tools' roles: stolen ones used beyond their grants, and ones issued to whoever took over a guard. */

import { setTimeout } from 'node:timers/promises';
import { SLACK_MS } from '../../../core/audit/terms.ts';
import { roleName } from '../../../core/ids.ts';
import { hashOf } from '../../../core/ledger/chain.ts';
import { idempotencyKey } from '../../../core/ledger/content.ts';
import type { SessionRequest } from '../../../core/ports.ts';
import { type EmulatedAttack, grantOf, type Ledger, reportOf, type Scene, stepOf } from './scene.ts';

const LETTER = 'mail.send';
const mail = { to: 'ines@example.com', subject: 'Once more', body: 'Once more.' };

/** As a guard would ask, but for what is said otherwise. */
function request(
	{ run, ledger }: { run: string; ledger: Ledger },
	otherwise: { step: number; attempt?: string; head?: string; tool?: string },
) {
	const { step, attempt = '1', head = hashOf(ledger.stored.at(-1) ?? never()), tool = LETTER } = otherwise;
	return {
		role: roleName('refund-desk', tool, 'access'),
		sessionName: `${run}.${step}.${attempt}`,
		sourceIdentity: run,
		tags: { agent: 'refund-desk', run, step: String(step), attempt, head },
		policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] }),
		durationSeconds: 900,
	} satisfies SessionRequest;
}
const never = (): never => {
	throw new Error('the run has no such entry or session');
};

/** A guard that was taken over asks for what no guard asks for. */
const issuedFor = (otherwise: (ledger: Ledger) => Parameters<typeof request>[1]): EmulatedAttack => ({
	ticket: 't-10-too-old',
	does: async ({ run, finished, attacker }) => {
		const ledger = await finished();
		const { accessKeyId } = await attacker.asGuard(LETTER, request({ run, ledger }, otherwise(ledger)));
		return { cause: `session ${accessKeyId}` };
	},
});

/** A tool that was taken over uses its session for something else, before it reports. */
const usedFor = (
	tool: string,
	ticket: string,
	act: (scene: Scene, session: Awaited<ReturnType<Scene['sessionOf']>>) => Promise<void>,
	why: RegExp,
): EmulatedAttack => ({
	ticket,
	does: async (scene) => {
		let cause = '';
		await scene.acting(reportOf(scene.run, tool), async () => {
			const session = await scene.sessionOf(tool);
			cause = `session ${session.held.accessKeyId}`;
			await act(scene, session);
		});
		return { cause, why };
	},
});

export const onCredentials: Readonly<Record<string, EmulatedAttack>> = {
	'credentials issued without an intent': issuedFor(() => ({ step: 9 })),
	'credentials issued for a step before it was planned': issuedFor((ledger) => ({
		step: stepOf(ledger, LETTER),
		head: hashOf(ledger.stored[0] ?? never()),
	})),
	"credentials issued with another tool's role": issuedFor((ledger) => ({ step: stepOf(ledger, 'orders.find'), attempt: '2' })),
	'credentials issued for an attempt that was never due': issuedFor((ledger) => ({ step: stepOf(ledger, LETTER), attempt: '4' })),
	'credentials issued without a head': {
		ticket: 't-10-too-old',
		does: async ({ run, finished, attacker }) => {
			const ledger = await finished();
			const asked = request({ run, ledger }, { step: stepOf(ledger, LETTER), attempt: '2' });
			const { head: _head, ...tags } = asked.tags;
			const { accessKeyId } = await attacker.asOutsider({ ...asked, tags });
			return { cause: `session ${accessKeyId}` };
		},
	},
	'a session that no decision grants, used': {
		ticket: 't-10-too-old',
		does: async ({ run, finished, attacker }) => {
			const ledger = await finished();
			const issued = await attacker.asGuard(LETTER, request({ run, ledger }, { step: stepOf(ledger, LETTER), attempt: '2' }));
			await attacker.whoAmI(issued);
			return { cause: `session ${issued.accessKeyId}`, why: /1 calls under a session that no decision grants/ };
		},
	},
	'a call after the end of its grant': {
		ticket: 't-09-recall',
		does: async ({ run, finished, sessionOf, attacker }) => {
			const ledger = await finished();
			const { held, step } = await sessionOf('carrier.recall');
			const reference = idempotencyKey(hashOf(ledger.stored[0] ?? never()), step);
			await setTimeout(Math.max(0, (grantOf(ledger, step)?.notAfter ?? 0) + SLACK_MS + 1_000 - Date.now()));
			// The carrier looks at no session's end. Of all that could be wrong with this call, its time alone is.
			await attacker.post('CARRIER_URL', '/recalls', { tracking: trackingOf(run), reference }, held);
			return { cause: `session ${held.accessKeyId}`, why: /after the grant's end/ };
		},
	},
	'a call on another resource': {
		ticket: 't-07-all-at-once',
		does: async ({ run, open, desk, ledger, audit, attacker }) => {
			await open();
			// A guard that loses its place commits under another session: the one that is in the ledger is taken, while it lasts.
			const commit = await desk.until(`${run} commits`, async () =>
				(await ledger()).entries.flatMap((entry) => (entry.kind === 'outcome' && entry.commit ? [entry] : [])).at(0),
			);
			const name = `${run}.${commit.step}.${commit.attempts[0]}`;
			const held = (await audit.proxy.sessionsNamed(name)).find(({ accessKeyId }) => accessKeyId === commit.commit) ?? never();
			await attacker.encrypt(held, name);
			await desk.finished(run);
			return { cause: `session ${held.accessKeyId}`, why: /Encrypt of kms.* on arn:aws:kms:.*, which was not granted/ };
		},
	},
	'a call of a service that was not granted': usedFor(
		LETTER,
		't-10-too-old',
		({ attacker }, { held, name }) => attacker.encrypt(held, name),
		/Encrypt of kms.* though nothing of kms was granted/,
	),
	'something else done than what the recorded call comes to': usedFor(
		'carrier.recall',
		't-09-recall',
		({ attacker, run }, { held }) => attacker.post('CARRIER_URL', '/recalls', { tracking: trackingOf(run), reference: 'another' }, held),
		/not what the recorded call comes to/,
	),
	'a session of ours used from another region': usedFor(
		LETTER,
		't-10-too-old',
		({ attacker }, { held }) => attacker.whoAmI(held, 'ap-southeast-2'),
		/in region ap-southeast-2/,
	),
	'a session issued with another policy than was recorded': {
		ticket: 't-10-too-old',
		does: async (scene) => {
			let cause = '';
			// While the tool has acted and not yet said so: a read is granted again at once, whoever asks its guard.
			await scene.acting(reportOf(scene.run, 'orders.find'), async () => {
				const { entries } = await scene.ledger();
				const asking = { ask: 'act', run: scene.run, step: 1, epoch: entries.at(-1)?.epoch ?? 0, hint: 0 };
				cause = `session ${await scene.attacker.asReplacedGuard('orders.find', asking)}`;
			});
			return { cause, why: /issued with another session policy than the ledger says/ };
		},
	},
	'an effect seen twice that was recorded once': {
		ticket: 't-10-too-old',
		does: async (scene) => {
			let cause = '';
			await scene.acting(reportOf(scene.run, LETTER), async () => {
				const { held, step } = await scene.sessionOf(LETTER);
				cause = `step ${step}`;
				await scene.attacker.post('MAIL_URL', '/messages', mail, held);
			});
			return { cause };
		},
	},
};

/** As `world/copies.ts` marks it. */
const trackingOf = (run: string): string => `TRK-1008${run.slice('t-09-recall'.length)}`;
