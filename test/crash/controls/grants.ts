/** Naive grants: handed out too early, on yesterday's grounds, against what a person said or saw. */

import { call, plans } from '../../doubles/clerk.ts';
import { faultOnce } from '../../doubles/functions.ts';
import { fakePolicies } from '../../doubles/policies.ts';
import { type Control, edit } from './control.ts';
import { freezingBefore, stage, unsure } from './stage.ts';

const GRANT = 'functions/guard/grant.ts';
const WRITTEN = `	// The place or the claim went to somebody else: this session is never handed out.
	if (written.is !== 'written') return 'again';`;
const RECORD = 'const written = await append(around, round.view, decision, { at: round.now, ...(claim && { together: { claim } }) });';

export const grants: readonly Control[] = [
	{
		name: 'a grant is handed out before it is recorded',
		says: 'The tool need not wait for the record: it is written in the background.',
		edits: [edit(GRANT, `${RECORD}\n${WRITTEN}`, 'void append(around, round.view, decision, { at: round.now }).catch(() => {});')],
		breaks: 'effect-without-intent',
		play: async () => {
			const world = stage({ fault: faultOnce({ at: 'ledger.append', function: 'clerk_letter_send__guard', n: 1 }, 'unavailable') });
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'a freeze is read before the append only',
		says: 'Whether anything is frozen was looked at when the decision was made; it is not looked at again.',
		edits: [edit(GRANT, 'if (control.frozen) return withdraw(verdict.attempt, occasion);', '')],
		breaks: 'unauthorised',
		play: async () => {
			const world = stage({ store: freezingBefore('"attempt":1,', 'clerk_letter_send__guard', () => world.people.freeze('@all')) });
			await world.run(plans([call('letter.send')]));
			await world.people.thaw('@all');
			return world.over();
		},
	},
	{
		name: 'a freeze is not read again before a lookup',
		says: 'A lookup changes nothing, so its session is handed out whatever was frozen since the decision was begun.',
		edits: [edit(GRANT, "if ((await readControl(around.store, around.agent.name)).frozen) return status({ status: 'held' });", '')],
		breaks: 'unauthorised',
		play: async () => {
			const world = stage({ store: freezingBefore('"asks":[1]', 'clerk_parcel_send__guard', () => world.people.freeze('@agent:clerk')) });
			world.outside.next('parcel', 'dies-after');
			await world.run(plans([call('parcel.send')]));
			await world.people.thaw('@agent:clerk');
			return world.over();
		},
	},
	{
		name: 'a decision is not made again after a lost race',
		says: 'The place was taken, so the same decision is written at the next one.',
		edits: [
			edit(
				GRANT,
				WRITTEN,
				`	for (let next = written; next.is === 'lost'; ) next = await append(around, await around.reader.read(request.run), decision, { at: round.now });`,
			),
		],
		breaks: 'over-budget',
		play: async () => {
			const world = stage({
				agent: { otherwise: { spend: ({ cents }) => cents ?? 0 }, budget: { spend: 100 } },
				wanted: (wanted) => ({ ...wanted, spend: 60 }),
			});
			await world.run(plans([call('letter.send', 'one', 60), call('parcel.send', 'two', 60)]));
			return world.over();
		},
	},
	{
		name: 'an approval is not bound to what was shown',
		says: 'Somebody has approved the step, and that is that; what has changed since is not compared.',
		edits: [edit('core/policy/opinion.ts', '&& approval.shown === judged.digestShown(shown)', '')],
		breaks: 'unauthorised',
		play: async () => {
			const world = stage({
				policies: fakePolicies(({ action, context }) => (action.id === 'file.read' || context.approved ? 'allow' : 'deny')),
				agent: {
					otherwise: { facts: ({ receipt }) => [{ type: 'Thing', id: 'it', attributes: { receipt } }] },
					entities: { Thing: { receipt: 'String' } },
				},
			});
			let reads = 0;
			world.outside.meanwhile = async ({ sink }) => {
				reads += sink === 'file' ? 1 : 0;
				if (sink !== 'file' || reads !== 2) return;
				// The second reading is under way, and will tell something new, when a person approves by what the first one told.
				await world.another('pay.send', { step: 2 });
				await world.people.answer({ is: 'approve', step: 2, note: 'yes' });
			};
			await world.run(plans([call('file.read')], [call('pay.send'), call('file.read', 'other')]));
			return world.over();
		},
	},
	{
		name: 'what was handed out is not struck from what is said',
		says: 'Errors of tools are passed on as they are, for whoever has to find out what went wrong.',
		edits: [
			edit(
				'functions/tool/tool.ts',
				"[credentials.sessionToken, credentials.secretAccessKey, token].reduce((safe, secret) => safe.replaceAll(secret, '[redacted]'), text);",
				'text;',
			),
		],
		breaks: 'secret',
		play: async () => {
			const world = stage({ wanted: unsure });
			world.outside.tells = (_sink, { credentials }) => `403 for ${credentials.sessionToken}`;
			world.outside.next('letter', 'fails');
			await world.run(plans([call('file.read')], [call('letter.send')]));
			return world.over();
		},
	},
];
