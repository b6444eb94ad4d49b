/** What folding one entry comes to. */
import type { RunState, StepState } from './state.ts';

export type Folded = { is: 'legal'; state: RunState } | { is: 'illegal'; why: string };
export const illegal = (why: string): Folded => ({ is: 'illegal', why });
export const legal = (state: RunState): Folded => ({ is: 'legal', state });

/** The state with one step changed. */
export const withStep = (state: RunState, step: StepState): RunState => ({ ...state, steps: { ...state.steps, [step.step]: step } });
