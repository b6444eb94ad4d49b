/**
 * All that a process can learn of its world and all that it can do to it. Nothing else passes between the two, so what a
 * process does follows from the event it was given and from what it has learned here, in that order.
 */
import type { Plan, Situation } from '../../../core/agent/agent.ts';
import type { EpochMs, Json } from '../../../core/ids.ts';
import type { Claims, Executions, Issuer, Ledger, Payloads, RunKeys, Runs } from '../../../core/ports.ts';
import type { GuardAnswer, GuardRequest } from '../../../functions/guard/protocol.ts';
import type { Found, ToolContext } from '../../../index.ts';

/** What a target is told of whose call it is. */
export type Bearer = Pick<ToolContext, 'idempotencyKey' | 'run' | 'step' | 'attempt' | 'credentials'>;

/** Calls out of a process, by where they stand in the list of crossings. */
export type Calls = {
	'ledger.read': Ledger['read'];
	'ledger.latest': Ledger['latest'];
	'ledger.append': Ledger['append'];
	'claims.latest': Claims['latest'];
	'keys.create': RunKeys['create'];
	'keys.get': RunKeys['get'];
	'keys.destroy': RunKeys['destroy'];
	'payloads.put': Payloads['put'];
	'payloads.get': Payloads['get'];
	'runs.list': Runs['list'];
	'issuer.issue': Issuer['issue'];
	'executions.start': Executions['start'];
	'executions.isRunning': Executions['isRunning'];
	'executions.running': Executions['running'];
	'guard.ask': (guard: string, request: GuardRequest) => Promise<GuardAnswer>;
	'planner.ask': (situation: Situation) => Promise<Plan>;
	'sink.act': (sink: string, input: Json, bearer: Bearer) => Promise<{ receipt: string }>;
	'sink.look-up': (sink: string, bearer: Pick<Bearer, 'idempotencyKey'>) => Promise<Found<{ receipt: string }>>;
};
/** What is answered at once, and by nobody who could fail. */
export type Senses = {
	now: () => EpochMs;
	draw: (length: number) => Uint8Array;
	/** The inputs of all that a sink has done. */
	effects: (sink: string) => readonly Json[];
};
/** What is answered nothing. */
export type Tells = {
	log: (line: { name: string; message: string }) => void;
	exit: () => void;
};

export type Outward = {
	call<A extends keyof Calls>(at: A, ...given: Parameters<Calls[A]>): ReturnType<Calls[A]>;
	sense<S extends keyof Senses>(what: S, ...given: Parameters<Senses[S]>): ReturnType<Senses[S]>;
	tell<T extends keyof Tells>(what: T, ...given: Parameters<Tells[T]>): void;
};
