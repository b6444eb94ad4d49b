/** Failing on purpose: what a test may do to any one call of a port, and what it may count afterwards. */
import { LedgerUnavailable } from '../../core/ports.ts';

/**
 * `crash-before` and `crash-after`: the process dies at that point; `Crash` stands for its end and is never caught.
 * `unknown-not-written` and `unknown-written`: the answer is lost. `unavailable`: nothing is written, an operator has to act.
 */
export type Fault = 'crash-before' | 'crash-after' | 'unknown-not-written' | 'unknown-written' | 'unavailable';
/** The `n`th call, from 1, of this verb of this port. */
export type Call = { readonly n: number } & (
	| { readonly port: 'ledger'; readonly verb: 'read' | 'latest' | 'append' }
	| { readonly port: 'claims'; readonly verb: 'latest' }
	| { readonly port: 'tables'; readonly verb: 'get' }
	| { readonly port: 'keys'; readonly verb: 'create' | 'get' | 'destroy' }
	| { readonly port: 'payloads'; readonly verb: 'put' | 'get' }
	| { readonly port: 'runs'; readonly verb: 'list' }
);
export type FaultPlan = (call: Call) => Fault | undefined;
type Verb = Call extends infer C ? (C extends Call ? Omit<C, 'n'> : never) : never;

/** The end of a process. Nothing in core may catch it. */
export class Crash extends Error {
	override name = 'Crash';
}
/** A lost answer, from a port whose answers have no `unknown` among them. */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
}

/** What was asked of a store since it was made, or since `reset`. */
export type Counts = {
	/** By `port.verb`. */
	calls: Record<string, number>;
	/** Reads of the ledger: `read` and `latest`. */
	queries: number;
	/** Entries those answered. */
	entriesRead: number;
	/** Calls that change something: appends, keys, payloads. */
	writes: number;
	reset(): void;
};

export function noCounts(): Counts {
	const zero = { queries: 0, entriesRead: 0, writes: 0 };
	return {
		calls: {},
		...zero,
		reset() {
			Object.assign(this, zero, { calls: {} });
		},
	};
}

const writing = new Set(['ledger.append', 'keys.create', 'keys.destroy', 'payloads.put']);

/**
 * Wraps each call of a port: counts it, lets other tasks in before and after its effect, and fails where the plan says so.
 * `lost` makes the answer of a port that can say `unknown`; without it a lost answer is thrown.
 */
export function faulty({ counts, fault }: { counts: Counts; fault: FaultPlan | undefined }) {
	return async <T>(verb: Verb, effect: () => T, lost?: (cause: string) => T): Promise<T> => {
		const name = `${verb.port}.${verb.verb}`;
		const n = (counts.calls[name] ?? 0) + 1;
		counts.calls[name] = n;
		if (writing.has(name)) counts.writes += 1;
		const planned = fault?.({ ...verb, n });
		const cause = `${name} number ${n}: ${planned}`;
		const loseAnswer = (): T => {
			if (lost) return lost(cause);
			throw new NoAnswer(cause);
		};
		await Promise.resolve();
		if (planned === 'crash-before') throw new Crash(cause);
		if (planned === 'unavailable') throw new LedgerUnavailable(`${cause}; end the fault plan, then try again`);
		if (planned === 'unknown-not-written') return loseAnswer();
		const answer = effect();
		await Promise.resolve();
		if (planned === 'crash-after') throw new Crash(cause);
		return planned === 'unknown-written' ? loseAnswer() : answer;
	};
}
