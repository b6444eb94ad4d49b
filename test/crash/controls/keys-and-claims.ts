/** Naive ways with idempotency keys and business keys. */
import { call, plans } from '../../doubles/clerk.ts';
import { type Control, edit } from './control.ts';
import { stage } from './stage.ts';

export const keysAndClaims: readonly Control[] = [
	{
		name: 'no key',
		says: 'Each attempt has an idempotency key of its own.',
		edits: [edit('functions/guard/grant.ts', 'idempotencyKey: idempotencyKey(state.root, request.step)', 'idempotencyKey: issued.token')],
		breaks: 'duplicated',
		play: async () => {
			const world = stage();
			world.outside.next('pay', 'dies-after');
			await world.run(plans([call('pay.send')]));
			return world.over();
		},
	},
	{
		name: "a key honoured at the grant but not until the attempt's end",
		says: 'The target still honours the key when the second attempt is granted; when that attempt arrives is not considered.',
		edits: [
			edit(
				'core/step/judge.ts',
				'return asked.now + asked.windowMs + wrongMs <= first.at + asked.tool.keyHonouredForMs;',
				'return asked.now <= first.at + asked.tool.keyHonouredForMs;',
			),
		],
		breaks: 'duplicated',
		play: async () => {
			let acts = 0;
			const world = stage({
				door: (request, ask) => {
					acts += request.ask === 'act' ? 1 : 0;
					if (acts === 2 && request.ask === 'act') world.desk.clock.advance(115_000);
					return ask(request);
				},
			});
			world.outside.next('pay', 'dies-after');
			world.outside.meanwhile = ({ attempt }) => {
				if (attempt === 1) return;
				// On its way for six of its ten seconds, in which the target's two minutes pass.
				world.desk.clock.advance(6_000);
				world.outside.forgetKeys();
			};
			await world.run(plans([call('pay.send')]));
			return world.over();
		},
	},
	{
		name: "a claim is judged by its holder's attempt",
		says: 'The attempt that held the business key has failed, so the key is free; that its step may be granted again is overlooked.',
		edits: [
			edit('functions/guard/claim.ts', 'const end = holder?.state.end?.result;', 'const end = holder?.state.attempts.at(-1)?.end?.result;'),
		],
		breaks: 'duplicated',
		play: async () => {
			let acts = 0;
			const world = stage({
				agent: { otherwise: { key: ({ what }) => what } },
				wanted: ({ tool, input }) => ({ tool, input, key: 'it' }),
				door: async (request, ask) => {
					acts += request.ask === 'act' && request.run === 'run-1' ? 1 : 0;
					// Cut off, seen in doubt, found absent: before it is granted again, another run comes along.
					if (acts === 3 && request.run === 'run-1' && request.ask === 'act') await world.run(plans([call('parcel.send')]), 'run-2');
					return ask(request);
				},
			});
			world.outside.next('parcel', 'dies-before');
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: 'a claim is looked up and not made',
		says: 'Before it acts, a step looks whether anybody holds the business key; that it holds it now is not written with its grant.',
		edits: [
			edit('functions/guard/grant.ts', '...(claim && { together: { claim } })', ''),
			edit('functions/guard/grant.ts', '...(claim && { claim: { key: claim.key, n: claim.n } }),', ''),
		],
		breaks: 'duplicated',
		play: async () => {
			const world = stage({
				agent: { otherwise: { key: ({ what }) => what } },
				wanted: ({ tool, input }) => ({ tool, input, key: 'it' }),
			});
			await world.run(plans([call('letter.send')]));
			await world.run(plans([call('letter.send')]), 'run-2');
			return world.over();
		},
	},
];
