/** One decision in the making: what was asked, what was read, and the words in which the guard answers. */
import type { Tool } from '../../core/agent/tool.ts';
import type { EpochMs, Json } from '../../core/ids.ts';
import type { View } from '../../core/ledger/read.ts';
import type { Control, GuardSurroundings } from '../surroundings.ts';
import type { GuardAnswer, GuardRequest } from './protocol.ts';

export type Asking = Exclude<GuardRequest, { ask: 'report' }>;
export type Occasion = { readonly request: Asking; readonly around: GuardSurroundings };

/** The recorded call of a step, opened. */
export type RecordedCall = { readonly input: Json; readonly purpose: string };
/** What one round of deciding rests on, and the moment it is made at. */
export type Grounds = {
	readonly view: View;
	readonly call: RecordedCall;
	readonly control: Control;
	readonly now: EpochMs;
	readonly key: Uint8Array;
};

/** @throws Error when the guard was deployed for a tool its agent no longer has. */
export function toolOf(around: GuardSurroundings): Tool {
	const tool = around.agent.tools.get(around.tool);
	if (!tool) throw new Error(`agent ${around.agent.name} has no tool ${around.tool}; deploy the guard and the agent together`);
	return tool;
}

/** How long an attempt granted now may act: the runtime's hard timeout, and a margin. */
export const windowOf = (around: GuardSurroundings): number =>
	(around.toolSeconds ?? toolOf(around).timeoutSeconds) * 1000 + around.marginMs;

export const status = (is: Extract<GuardAnswer, { is: 'status' }>['status']): { answer: GuardAnswer } => ({
	answer: { is: 'status', status: is },
});
export const ended = (): { answer: GuardAnswer } => status({ status: 'ended' });
export const refused = (why: string): { answer: GuardAnswer } => ({ answer: { is: 'refused', why } });
