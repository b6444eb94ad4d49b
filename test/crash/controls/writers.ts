/** Naive writers: an old one that goes on, one that believes its own head, one that writes the record apart from the deed. */
import { call, plans, scripted } from '../../doubles/clerk.ts';
import { type Control, edit } from './control.ts';
import { type Stage, stage } from './stage.ts';

const MEMORY = 'adapters/memory/store.ts';

export const writers: readonly Control[] = [
	{
		name: 'no fence',
		says: 'Whoever is asked to do a step does it, of whatever epoch it is.',
		edits: [edit('core/step/judge.ts', "if (isFenced(state, asked.epoch)) return { is: 'fenced', epoch: state.epoch };", '')],
		breaks: 'fenced-write',
		play: async () => {
			const world = stage();
			world.outside.next('file', 'throws-after');
			let resumed = false;
			world.outside.meanwhile = async () => {
				if (!resumed) await world.takeUp();
				resumed = true;
			};
			await world.run(plans([call('file.read')]));
			return world.over();
		},
	},
	{
		name: 'a second plan is renumbered after losing its place',
		says: 'Something was appended while the planner thought; its calls get the next free numbers.',
		edits: [
			edit(
				'functions/plan/plan.ts',
				"if (written.is !== 'written') return 'again';\n\tconst { state } = written.view;",
				"if (written.is !== 'written') return recordCalls(event, await around.reader.read(event.run), around, proposed);\n\tconst { state } = written.view;",
			),
		],
		breaks: 'duplicated',
		play: async () => {
			let asked = 0;
			const world: Stage = stage({
				agent: {
					planner: async (situation) => {
						asked += 1;
						if (asked === 1) {
							// Another invocation of the same state plans, and its first step is done, while this planner thinks.
							await world.desk.invoke('clerk-plan', { run: situation.run, epoch: 0, hint: 0 });
							await world.another('pay.send');
						}
						return scripted(situation);
					},
				},
			});
			await world.run(plans([call('pay.send')], [call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: "a caller's head is believed",
		says: 'The writer says which place is next, and that place is written, whether or not somebody stands there.',
		edits: [edit(MEMORY, "if (holder) return { is: 'conflict', holder };", 'if (holder) chain.splice(chain.indexOf(holder), 1);')],
		breaks: 'duplicated',
		play: async () => {
			let first = true;
			const world: Stage = stage({
				door: async (request, ask) => {
					if (!first) return ask(request);
					first = false;
					const [answer] = await Promise.all([ask(request), world.another('parcel.send')]);
					return answer;
				},
			});
			await world.run(plans([call('parcel.send')]));
			return world.over();
		},
	},
	{
		name: 'the record is written apart from the deed',
		says: "A transaction's writes go to its tables first, and the outcome is recorded after it: two writes instead of one.",
		edits: [
			edit(
				MEMORY,
				'const chain = state.chains.get(entry.chain) ?? [];',
				`for (const one of writes) {
		const item = changed(one, state.items.get(pair(one.table, one.key)));
		if (item) state.items.set(pair(one.table, one.key), item);
	}
	const chain = state.chains.get(entry.chain) ?? [];`,
			),
			edit(MEMORY, 'for (const write of writes) {', 'for (const write of writes.slice(0, 0)) {'),
		],
		breaks: 'duplicated',
		play: async () => {
			const world = stage();
			await world.run(plans([call('book.post', 'one', 7), call('book.post', 'two', 5)]));
			return world.over();
		},
	},
];
