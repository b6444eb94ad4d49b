/** What a client reaches of an installation, wherever that is. What comes back is hostile until it is parsed. */
import type { StepIds } from '../core/ids.ts';

/** Errors of an installation's functions that stay what they are, however often they are asked. */
export const finalErrors: ReadonlySet<string> = new Set(['MalformedEvent', 'RunNotFound', 'RunKeyLost', 'LedgerBroken']);

/** What is asked of the functions; each answers JSON. */
export type Asked = {
	readonly open: { run: string; task: unknown };
	readonly intake: { run: string; first: number; calls: readonly unknown[] } | { run: string; memory: unknown; over?: number };
	readonly status: { run: string; steps: readonly { step: number; hint?: number }[]; memory: boolean };
	readonly close: { run: string; reason: string };
};
export type Door = keyof Asked;

export type Doors = {
	/**
	 * Asks a function. @throws DoorRefused for what it will never answer otherwise, DoorClosed for who may not ask; anything
	 * else may be asked again.
	 */
	ask<D extends Door>(door: D, event: Asked[D], signal: AbortSignal): Promise<unknown>;
	/** Starts an execution of the `step` machine under this name, unless there was one. @throws like `ask` */
	start(name: string, input: StepIds): Promise<'started' | 'exists'>;
	/** Whether it is under way. One that was just started may not be known everywhere yet. @throws like `ask` */
	isRunning(name: string): Promise<boolean>;
};

/** The installation says that this can't be done, and why. Asking again is no use. */
export class DoorRefused extends Error {
	override name = 'DoorRefused';
}
/** Whoever this client is may not do that, or what it was told to ask is not there. A person has to look. */
export class DoorClosed extends Error {
	override name = 'DoorClosed';
}
/** No answer within the time given. What was asked may have been done; the same asked again is safe. */
export class Unreachable extends Error {
	override name = 'Unreachable';
}
/** The answer is none of those that there are: another version, or another service. */
export class UnexpectedAnswer extends Error {
	override name = 'UnexpectedAnswer';
}
