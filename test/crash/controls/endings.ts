/** Naive ways of ending a step: a denial, a failure or a report taken for more, or for less, than it says. */
import { call, plans } from '../../doubles/clerk.ts';
import { fakePolicies } from '../../doubles/policies.ts';
import { type Control, edit } from './control.ts';
import { freezingBefore, stage, unsure } from './stage.ts';

const OUTCOMES = 'core/ledger/fold-outcome.ts';

export const endings: readonly Control[] = [
	{
		name: 'a deny over an open attempt',
		says: 'A policy that says no ends the step at once, whatever is under way. Also taken out: the line of the fold that would have stopped it.',
		edits: [
			edit(
				'core/step/judge.ts',
				'const harmless = isHarmless(asked);',
				"const harmless = isHarmless(asked); if (opinion.is === 'deny' && !harmless) return { is: 'deny', opinion };",
			),
			edit('core/ledger/fold-decision.ts', "if (openAttempts(step).length > 0) return illegal('a denial over an open attempt');", ''),
		],
		breaks: 'guessed',
		play: async () => {
			let denied = false;
			const world = stage({ policies: fakePolicies(() => (denied ? 'deny' : 'allow')) });
			world.outside.meanwhile = async () => {
				denied = true;
				await world.another('letter.send');
			};
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'a failed second attempt ends the step',
		says: 'The last attempt failed, so the step has failed; what the first one did is not asked.',
		edits: [edit(OUTCOMES, 'if (openAttempts(step).length > 0 || !final)', 'if (!final)')],
		breaks: 'audit-differs',
		play: async () => {
			const world = stage();
			world.outside.next('pay', 'dies-after', 'fails');
			await world.run(plans([call('pay.send')]));
			return world.over();
		},
	},
	{
		name: 'a failed from the target ends the step',
		says: 'Not found at the target means that the step has failed, instead of that it may be tried again.',
		edits: [edit(OUTCOMES, "const final = entry.by === 'tool' ||", "const final = entry.by !== 'guard' ||")],
		breaks: 'lost',
		play: async () => {
			const world = stage();
			world.outside.next('parcel', 'dies-before');
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: 'a failed from the guard ends the step',
		says: 'An attempt that the guard withdrew, for a freeze, is the end of the step for good.',
		edits: [edit(OUTCOMES, "const final = entry.by === 'tool' ||", "const final = entry.by !== 'target' ||")],
		breaks: 'lost',
		play: async () => {
			const world = stage({ store: freezingBefore('"attempt":1,', 'clerk_letter_send__guard', () => world.people.freeze('@all')) });
			await world.run(plans([call('letter.send')]));
			await world.people.thaw('@all');
			return world.over();
		},
	},
	{
		name: 'a late report is illegal after closed',
		says: 'A closed run is final: nothing is written into it any more, whatever still comes in.',
		edits: [
			edit(
				OUTCOMES,
				'const step = stepOf(state, entry.step);\n\t// L4',
				"if (state.closed) return illegal('the run is closed');\n\tconst step = stepOf(state, entry.step);\n\t// L4",
			),
		],
		breaks: 'stuck',
		play: async () => {
			const world = stage({ wanted: unsure });
			world.outside.meanwhile = () => world.people.stop();
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'in doubt is treated as failed',
		says: 'A call that threw has failed.',
		edits: [
			edit(
				'functions/tool/tool.ts',
				'throw new Unclean(describe(error, granted));',
				"return { is: 'failed', reason: describe(error, granted) };",
			),
		],
		breaks: 'guessed',
		play: async () => {
			const world = stage();
			world.outside.next('letter', 'throws-after');
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
	{
		name: 'a record is deleted on failure',
		says: 'What was in progress when a worker failed is struck from the record, so that a retry may pass.',
		edits: [
			edit(
				'core/ledger/fold.ts',
				'return legal({ ...state, epoch: entry.epoch, epochPlace: entry.place, resumesWithoutProgress: fruitless });',
				`const steps = Object.fromEntries(Object.entries(state.steps).map(([number, step]) => [number, { ...step, attempts: step.attempts.filter((attempt) => attempt.end !== null) }]));
	return legal({ ...state, steps, epoch: entry.epoch, epochPlace: entry.place, resumesWithoutProgress: fruitless });`,
			),
		],
		breaks: 'duplicated',
		play: async () => {
			const world = stage();
			world.outside.next('parcel', 'dies-after');
			let resumed = false;
			world.outside.meanwhile = async () => {
				if (!resumed) await world.takeUp();
				resumed = true;
			};
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: 'the same report counts again',
		says: 'Every report that comes in is recorded, also when it has come in before.',
		edits: [
			edit('functions/guard/report.ts', "if (attempt.end?.by === 'tool' && attempt.end.result === said.is) return over();", ''),
			edit('functions/guard/report.ts', 'if (attempt.end && (await wasSaid(view, { step, attempt, around }, said.is))) return over();', ''),
		],
		breaks: 'two-outcomes',
		play: async () => {
			const world = stage({
				door: async (request, ask) => {
					if (request.ask === 'report') await ask(request);
					return ask(request);
				},
			});
			await world.run(plans([call('letter.send')]));
			return world.over();
		},
	},
];
