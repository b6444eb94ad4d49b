/** A store under test. */
import type { Claims, Ledger, Payloads, RunKeys, Runs, Tables } from '../../core/ports.ts';

export type Store = {
	readonly ledger: Ledger;
	readonly claims: Claims;
	readonly tables: Tables;
	readonly keys: RunKeys;
	/** Not every technology that holds a ledger is a payload store. */
	readonly payloads?: Payloads;
	readonly runs: Runs;
};
/** An empty store of generation `generation`, with application tables declared `orders` and `stock`. */
export type OpenStore = () => Promise<Store>;
export const generation = 'contract-1';
