/** Small questions about what was seen, asked by several checks. */
import type { Effect } from '../../doubles/outside.ts';
import { type Account, type StepAccount, same } from './account.ts';
import type { Act, Seen, ToolSeen, Wanted } from './seen.ts';

export type World = { readonly seen: Seen; readonly accounts: readonly Account[] };

export const toolNamed = (seen: Seen, name: string): ToolSeen | undefined => seen.agent.tools.find((tool) => tool.name === name);
/** Whether its effect is what its sink journals: a read has none, a transaction's are items. */
export const actsAtSink = (tool: ToolSeen | undefined): tool is ToolSeen =>
	tool !== undefined && tool.effect !== 'read' && tool.effect !== 'transaction';
/** What the task says of the call of a step. */
export const wantedOf = ({ seen }: Account, step: StepAccount): Wanted | undefined =>
	seen.wanted.find((wanted) => wanted.tool === step.tool && step.input !== undefined && same(wanted.input, step.input));
export const effectsOfStep = (seen: Seen, run: string, step: StepAccount): readonly Effect[] => {
	const sink = toolNamed(seen, step.tool)?.sink;
	return seen.journal.effects.filter((effect) => effect.sink === sink && effect.run === run && effect.step === step.step);
};
/** What a person said who had not looked: theirs to answer for. */
export const isGuess = (act: Act | undefined): boolean => act?.looked === false;
export const actOn = (seen: Seen, { run, step, is }: { run: string; step: number; is: readonly Act['is'][] }): Act | undefined =>
	seen.acts.findLast((act) => act.chain === run && act.step === step && is.includes(act.is) && act.told !== 'fail');
