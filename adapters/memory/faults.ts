/** Failing on purpose: what a test may do to any one call of a port, and what it may count afterwards. */
import { LedgerUnavailable } from '../../core/ports.ts';

/**
 * `crash-before` and `crash-after`: the process dies at that point; `Crash` stands for its end and is never caught.
 * `unavailable`: refused, and known not to have happened. `unknown-not-written` and `unknown-written`: the answer is lost,
 * before or after the effect. `retried`: the answer is lost on the way and the transport asks again; the caller sees the
 * second answer. `twice`: the request is delivered twice, and the caller sees the first answer.
 */
export const faults = ['crash-before', 'crash-after', 'unavailable', 'unknown-not-written', 'unknown-written', 'retried', 'twice'] as const;
export type Fault = (typeof faults)[number];
/** The `n`th call, from 1, of this verb of this port. */
export type Call = { readonly n: number } & (
	| { readonly port: 'ledger'; readonly verb: 'read' | 'latest' | 'append' }
	| { readonly port: 'claims'; readonly verb: 'latest' }
	| { readonly port: 'tables'; readonly verb: 'get' }
	| { readonly port: 'keys'; readonly verb: 'create' | 'get' | 'destroy' }
	| { readonly port: 'payloads'; readonly verb: 'put' | 'get' }
	| { readonly port: 'runs'; readonly verb: 'list' }
	| { readonly port: 'witnesses'; readonly verb: 'put' | 'about' | 'ofSession' | 'subjects' }
	| { readonly port: 'coverage'; readonly verb: 'put' | 'ending' }
	| { readonly port: 'findings'; readonly verb: 'raise' | 'list' }
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
	/** Calls that change something: appends, keys, payloads, witnesses, findings. */
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

const writing = new Set(['ledger.append', 'keys.create', 'keys.destroy', 'payloads.put', 'witnesses.put', 'findings.raise']);

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
		const refused = (cause: string) => new LedgerUnavailable(`${cause}; end the fault plan, then try again`);
		return befall(planned, { cause: `${name} number ${n}: ${planned}`, effect: async () => effect(), lost, refused });
	};
}

/** One call to which `fault` happens. Other tasks get in before and after its effect. */
export async function befall<T>(
	fault: Fault | undefined,
	call: {
		readonly cause: string;
		readonly effect: () => Promise<T>;
		/** The answer of a call that can say that its end is unknown; without it a lost answer is thrown. */
		readonly lost?: ((cause: string) => T) | undefined;
		readonly refused: (cause: string) => Error;
	},
): Promise<T> {
	const { cause, effect, lost } = call;
	const loseAnswer = (): T => {
		if (lost) return lost(cause);
		throw new NoAnswer(cause);
	};
	await Promise.resolve();
	if (fault === 'crash-before') throw new Crash(cause);
	if (fault === 'unavailable') throw call.refused(cause);
	if (fault === 'unknown-not-written') return loseAnswer();
	const first = effect();
	if (fault === 'retried') {
		// Nobody ever sees the first answer, whatever it was.
		await first.catch(() => {});
		return effect();
	}
	const answer = await first;
	if (fault === 'twice') await effect().catch(() => {});
	if (fault === 'crash-after') throw new Crash(cause);
	return fault === 'unknown-written' ? loseAnswer() : answer;
}
