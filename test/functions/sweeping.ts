/** A sweep over an installation, with executions that a test says are under way. */
import { memoryStore } from '../../adapters/memory/store.ts';
import type { MachineName } from '../../core/ids.ts';
import type { Executions } from '../../core/ports.ts';
import { type SweepSurroundings, sweep } from '../../functions/sweep/sweep.ts';
import type { Installation } from '../doubles/driver.ts';

/** Longer than a run has to be quiet before anybody looks at it. */
export const QUIET_MS = 121_000;

export function sweeper(desk: Installation, given: Partial<SweepSurroundings> = {}) {
	const running = new Set<string>();
	const started: { name: string; run: string }[] = [];
	const names = new Set<string>();
	const executions: Executions = {
		start: async (machine, { name, input }) => {
			if (names.has(`${machine}/${name}`)) return 'exists';
			names.add(`${machine}/${name}`);
			started.push({ name, run: String(input.run) });
			return 'started';
		},
		isRunning: async (machine, name) => running.has(`${machine}/${name}`),
		running: async (machine) => [...running].flatMap((one) => (one.startsWith(`${machine}/`) ? [one.slice(machine.length + 1)] : [])),
	};
	const around: SweepSurroundings = {
		...desk.operator,
		runs: memoryStore({ state: desk.state }).runs,
		executions,
		over: new Set(),
		remainingMs: () => 900_000,
		...given,
	};
	return {
		around,
		started,
		recovered: () => started.map(({ run }) => run),
		setRunning: (machine: MachineName, name: string) => running.add(`${machine}/${name}`),
		sweep: (after?: string) => sweep({ after }, around),
	};
}
