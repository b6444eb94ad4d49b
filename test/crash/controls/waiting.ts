/** Naive ways of waiting for what may still act: not at all, by the clock, for somebody else's word. */
import { epochMs } from '../../../core/ids.ts';
import { call, plans } from '../../doubles/clerk.ts';
import { type Control, edit } from './control.ts';
import { stage } from './stage.ts';

const JUDGE = 'core/step/judge.ts';
const WAIT = 'waitMs: longest + asked.marginMs + hidden';
const TEN_MINUTES_MS = 600_000;

export const waiting: readonly Control[] = [
	{
		name: "a person's answer is taken before the wait is over",
		says: 'Who is at the console knows best: what they say of an open attempt counts at once. Also taken out: the line of the fold that asks for a hold.',
		edits: [
			edit(
				'functions/decide/decide.ts',
				"const inDoubt = step?.hold?.for === 'doubt' && !step.hold.answered && !step.end;",
				'const inDoubt = open.length > 0 && !step?.end;',
			),
			edit('core/ledger/fold-outcome.ts', "if (step.end || step.hold?.for !== 'doubt' || step.hold.answered)", 'if (step.end)'),
		],
		breaks: 'guessed',
		play: async () => {
			const world = stage();
			world.outside.meanwhile = () => world.people.settle(1);
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'a lookup without waiting',
		says: 'The target is asked as soon as an attempt is seen open, though that attempt may still reach it.',
		edits: [edit(JUDGE, WAIT, 'waitMs: 0')],
		breaks: 'duplicated',
		play: async () => {
			const world = stage();
			let begun = false;
			world.outside.meanwhile = async () => {
				if (begun) return;
				begun = true;
				await world.another('parcel.send');
			};
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: 'a wait measured by comparing clocks',
		says: "The wait ends when this worker's clock says that the attempt's window is over; this one's is ten minutes ahead.",
		edits: [
			edit(JUDGE, WAIT, 'waitMs: Math.max(0, Math.max(...open.map((attempt) => attempt.notAfter)) + asked.marginMs + hidden - asked.now)'),
		],
		breaks: 'guessed',
		play: async () => {
			let aheadMs = 0;
			const world = stage({
				store: (store) => ({ ...store, clock: { now: () => epochMs.parse(store.clock.now() + aheadMs) } }),
			});
			world.outside.meanwhile = async () => {
				aheadMs = TEN_MINUTES_MS;
				await world.another('letter.send');
				aheadMs = 0;
				await world.people.settle(1);
			};
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'whoever settles is believed to have waited',
		says: 'A settle comes after a wait, so all that is open has been waited for; that an attempt was granted meanwhile is not looked at.',
		edits: [edit(JUDGE, 'if (open.some((attempt) => !waitedFor.includes(attempt))) return doubt(step, asked);', '')],
		breaks: 'duplicated',
		play: async () => {
			const world = stage();
			world.outside.next('parcel', 'dies-before');
			world.outside.meanwhile = async ({ attempt }) => {
				if (attempt === 2) await world.another('parcel.send', { waitedFor: [1] });
			};
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
];
