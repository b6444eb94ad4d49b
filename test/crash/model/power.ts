/** How long a process can still make its target do anything: the ground that a wait has to cover. */
import { MARGIN_MS, type Scenario, TIMEOUT_SECONDS } from './settings.ts';
import type { Running } from './shipped.ts';
import type { ToolProcess } from './world.ts';

const WINDOW_SECONDS = TIMEOUT_SECONDS + MARGIN_MS / 1000;

/**
 * Seconds from the hand-out on. With `credentials` the runtime is trusted for nothing: the target refuses from `notAfter`
 * on, which the guard set by its own clock. With `runtime` the target refuses nothing: the process is killed.
 */
export function handedOutPower(scenario: Scenario, at: { skew: number; age: number; life: number }): number {
	if (scenario.fencedBy === 'runtime') return at.life;
	return Math.max(0, WINDOW_SECONDS + at.skew - at.age);
}

/** The attempt this process can still act for, also where its guard has recorded the grant and not yet handed it out. */
export function powerOf({ doing, life }: ToolProcess, scenario: Scenario): { attempt: number; power: number } | undefined {
	if (doing.is === 'granted') return doing.acted ? undefined : { attempt: doing.attempt, power: doing.power };
	if (doing.is !== 'asking' || doing.granted === null) return undefined;
	return { attempt: doing.granted, power: handedOutPower(scenario, { skew: skewOf(doing.call), age: doing.age, life }) };
}

export const skewOf = ({ call }: Running): number => ('skew' in call ? call.skew : 0);
