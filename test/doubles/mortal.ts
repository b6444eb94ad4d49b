/**
 * A process that can end at any moment: once it has, nothing of it goes on. What it awaits is never answered, so no
 * `catch` and no `finally` of it runs, as in a process that was killed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Crash } from '../../adapters/memory/faults.ts';

/** What an invocation is told when its process ended: by the runtime at its timeout, or in any other way. */
export type Death = 'Runtime.ExitError' | 'Sandbox.Timedout';

export type Mortal = {
	readonly name: string;
	/** Rejects when the process ends. */
	readonly ended: Promise<never>;
	hasEnded(): boolean;
	end(how: Death): void;
	/** Work of this process: what it awaits may end it. */
	run<T>(work: () => Promise<T>): Promise<T>;
	/** Awaited before each crossing, where somebody decides who goes next. */
	readonly turn?: Turn | undefined;
};
/** Resolves once this process may make the call at `at`. */
export type Turn = (process: Mortal, at: string) => Promise<void>;

const here = new AsyncLocalStorage<Mortal>();
const never = <T>(): Promise<T> => new Promise<T>(() => {});

export function mortal(name: string, turn?: Turn): Mortal {
	const { promise: ended, reject } = Promise.withResolvers<never>();
	ended.catch(() => {});
	let dead = false;
	const self: Mortal = {
		name,
		turn,
		ended,
		hasEnded: () => dead,
		end: (how) => {
			dead = true;
			reject(Object.assign(new Error(`${name} has ended`), { name: how }));
		},
		run: (work) => here.run(self, () => Promise.race([work(), ended])),
	};
	return self;
}

/** The process this is called in. */
export const processHere = (): Mortal | undefined => here.getStore();

/** Ends the process this is called in. Whoever awaits it waits for good. */
export function die(how: Death = 'Runtime.ExitError'): Promise<never> {
	here.getStore()?.end(how);
	return never();
}

/** One call out of a process: a `Crash` on the way is the end of it, and a dead process calls nobody. */
export async function crossing<T>(call: () => Promise<T>, at = 'call'): Promise<T> {
	const process = here.getStore();
	if (process?.turn && !process.hasEnded()) await process.turn(process, at);
	if (process?.hasEnded()) return never();
	try {
		const answer = await call();
		return process?.hasEnded() ? never() : answer;
	} catch (error) {
		if (error instanceof Crash || process?.hasEnded()) return die();
		throw error;
	}
}

/** A port each call of which is such a crossing, at `port.verb`. */
export function crossed<P extends object>(port: P, at = 'port'): P {
	return new Proxy(port, {
		get: (target, name) => {
			const member: unknown = Reflect.get(target, name);
			return typeof member === 'function'
				? (...args: unknown[]) => crossing(() => Reflect.apply(member, target, args), `${at}.${String(name)}`)
				: member;
		},
	});
}
