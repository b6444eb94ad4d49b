import type { MemoryState } from '../../adapters/memory/store.ts';

/** How long every chain is now, for the `from` and `stood` of an act or a grant. */
export const lengths = ({ chains }: MemoryState): Record<string, number> =>
	Object.fromEntries([...chains].map(([chain, stored]) => [chain, stored.length]));
