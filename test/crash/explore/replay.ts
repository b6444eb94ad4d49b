/** Goes one path of an exploration again, and tells what happens on it: actions, what befalls them, what stands afterwards. */
import { parseStored } from '../../../core/ledger/chain.ts';
import { linesOf } from '../../doubles/lines.ts';
import { type Action, choices } from '../world/choices.ts';
import type { Kind } from '../world/kinds.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';
import { read } from './path.ts';
import { scenarios } from './scenarios/all.ts';
import { wrongAtRest, wrongWith } from './seen.ts';
import { standStill } from './still.ts';

/** Whether anything was wrong on the way or at the end. */
export async function replay(text: string, say: (line: string) => void): Promise<boolean> {
	standStill();
	const parsed = read(text);
	const listed = scenarios.find(({ name }) => name === parsed.scenario);
	if (!listed) throw new Error(`there is no scenario ${parsed.scenario}; --list names them`);
	const scenario = listed.make(listed.name);
	let world = await scenario.begin();
	let wrong = false;
	for (const [index, line] of told(world).entries()) say(`${index === 0 ? 'stands ' : '       '}${line}`);
	for (const move of parsed.path) {
		const performed = await perform(scenario, world, move.action, new Map(move.plan), { sites: true });
		say(`${describe(move.action, world)}`);
		for (const [index, kind] of move.plan) {
			const crossing = performed.crossings[index];
			say(`  ${kind satisfies Kind}: ${crossing?.at} of ${crossing?.by}, ${crossing?.site ?? 'at no line of ours'}`);
		}
		for (const line of newIn(told(world), told(performed.world))) say(`       ${line}`);
		for (const { name, message } of performed.logged) say(`       log: ${name}: ${message}`);
		for (const says of wrongWith(performed)) {
			wrong = true;
			say(`WRONG: ${says}`);
		}
		world = performed.world;
	}
	if ((await choices(scenario, world)).length > 0) say('(not at rest)');
	else
		for (const says of wrongAtRest(scenario, world)) {
			wrong = true;
			say(`WRONG: ${says}`);
		}
	return wrong;
}

function describe(action: Action, world: World): string {
	if (action.is !== 'task') return JSON.stringify(action);
	const execution = world.executions.find(({ id }) => id === action.address.execution);
	const standing = execution?.standing;
	const inner = standing?.is === 'map' && action.address.branch !== undefined ? standing.branches[action.address.branch] : standing;
	return `${execution?.machine} of ${execution?.run}: ${inner && 'state' in inner ? inner.state : ''} ${JSON.stringify(inner && 'data' in inner ? inner.data : null)}`;
}

function told({ state, journal, executions, nowMs }: World): string[] {
	const chains = [...state.chains].flatMap(([chain, stored]) => {
		const entries = stored.flatMap((one) => {
			const parsed = parseStored(one);
			return 'entry' in parsed ? [parsed.entry] : [];
		});
		return linesOf(entries).map((line, place) => `${chain} ${place}: ${line}`);
	});
	return [
		...chains,
		...journal.effects.map(({ sink, run, step, attempt }, index) => `${sink} does ${run} ${step}.${attempt} (${index + 1})`),
		...executions.map(({ id, machine, run }) => `${machine} ${id} of ${run} is under way`),
		`clock ${nowMs}`,
	];
}

const newIn = (before: readonly string[], after: readonly string[]): string[] => after.filter((line) => !before.includes(line));
