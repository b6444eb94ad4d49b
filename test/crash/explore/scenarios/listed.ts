/** One scenario by its name. */
import type { Scenario } from '../../world/scenario.ts';

export type Listed = {
	readonly name: string;
	readonly make: (name: string) => Scenario;
	/** Faults at most, where the pairs would take longer than minutes. Asked for by name, it is explored with more. */
	readonly faults?: 1;
};
