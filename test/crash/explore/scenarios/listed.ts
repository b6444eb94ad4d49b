/** One scenario by its name. */
import type { Scenario } from '../../world/scenario.ts';

export type Listed = {
	readonly name: string;
	readonly make: (name: string) => Scenario;
	/** About how many thousands of transitions its pairs take, where they are many: what takes longest begins first. */
	readonly thousands?: number;
};
