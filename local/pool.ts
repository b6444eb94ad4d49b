/**
 * The functions of one machine: a capped pool of sandboxes. Guards have places of their own, so that tools that wait for
 * their guards can never take them all.
 */

import type { SandboxSpec } from './messages.ts';
import { type Sandbox, SandboxEnded } from './sandboxes.ts';

/** What the pool knows of a function. */
export type FunctionSpec = {
	readonly sandbox: SandboxSpec;
	readonly timeoutMs: number;
	/** Functions it will call: started along with it, so that their start does not count against its time. */
	readonly calls: readonly string[];
	/** The roles that it may assume: a guard's, of its own tool. */
	readonly roles?: readonly string[];
};

export type Pool = {
	/**
	 * Invokes a function and waits for its answer.
	 * @throws the function's own error by name, `Runtime.ExitError`, `Sandbox.Timedout`, or `ResourceNotFoundException`.
	 */
	invoke(name: string, event: unknown): Promise<unknown>;
	/** Ends the processes. Those in the midst of an invocation are waited for, at most so long. */
	close(graceMs: number): Promise<void>;
};

export type PoolOptions = {
	readonly find: (name: string) => FunctionSpec | undefined;
	readonly start: (spec: SandboxSpec, onEnd: () => void) => Sandbox;
	readonly caps: Caps;
};
export type Caps = {
	/** Processes at most, for guards and for everything else. */
	readonly guards: number;
	readonly others: number;
	/** How many serve one function while none of them is slow. A tool that waits for its guard has one more. */
	readonly each: number;
	/** How many may be starting at one time. */
	readonly starting: number;
};

type Place = {
	readonly sandbox: Sandbox;
	/** Until then it is no surprise that it has not answered; undefined while idle. */
	patientUntil: number | undefined;
	usedAt: number;
};
type Waiter = { resolve: (place: Place) => void; reject: (error: Error) => void };
/** `waiters` by function, whoever began to wait first in front. */
type Section = { readonly cap: number; readonly places: Set<Place>; readonly waiters: Map<string, Waiter[]> };

/** A function whose sandboxes have all been busy for so long waits for something outside: another one helps. */
const SLOW_MS = 100;
/** Coming up takes longer, and with several at once each takes longer still. */
const SLOW_START_MS = 3_000;

export class FunctionNotFound extends Error {
	override name = 'Lambda.ResourceNotFoundException';
}

export function createPool({ find, start, caps }: PoolOptions): Pool {
	const guards: Section = { cap: caps.guards, places: new Set(), waiters: new Map() };
	const others: Section = { cap: caps.others, places: new Set(), waiters: new Map() };
	let closed = false;
	let uses = 0;
	let starting = 0;
	let again: NodeJS.Timeout | undefined;
	const sectionOf = (spec: FunctionSpec): Section => (spec.sandbox.kind === 'guard' ? guards : others);

	const addPlace = (section: Section, spec: FunctionSpec, patientUntil: number | undefined): Place => {
		const place: Place = {
			patientUntil,
			usedAt: 0,
			sandbox: start(spec.sandbox, () => {
				section.places.delete(place);
				serve(section);
			}),
		};
		section.places.add(place);
		starting += 1;
		const started = (): void => {
			starting -= 1;
			for (const each of [guards, others]) serve(each);
		};
		place.sandbox.ready.then(started, started);
		return place;
	};

	/** A sandbox of this function that is idle, or a new one where that helps; or none yet. */
	const take = (section: Section, spec: FunctionSpec): Place | undefined => {
		const own = [...section.places].filter((place) => place.sandbox.spec.name === spec.sandbox.name);
		const now = performance.now();
		const warm = own.find((place) => place.patientUntil === undefined);
		if (warm) {
			warm.patientUntil = now + SLOW_MS;
			return warm;
		}
		// Few at a time: while they start, those that are warm serve whoever waits.
		if (starting >= caps.starting) return undefined;
		const stuck = own.every((place) => now > (place.patientUntil ?? now));
		if (own.length >= caps.each + spec.calls.length && !stuck) return undefined;
		if (section.places.size >= section.cap && (own.length > 0 || !makeRoom(section))) return undefined;
		return addPlace(section, spec, now + SLOW_START_MS);
	};

	/** Ends the longest idle sandbox, for a function that has none: never for one that has, or two would take turns in starting. */
	const makeRoom = (section: Section): boolean => {
		const idle = [...section.places].filter((place) => place.patientUntil === undefined);
		const oldest = idle.sort((left, right) => left.usedAt - right.usedAt)[0];
		if (!oldest) return false;
		section.places.delete(oldest);
		oldest.sandbox.kill();
		return true;
	};

	/** A called function is started before its caller's time begins to run. */
	const warmUp = async (name: string): Promise<void> => {
		const spec = find(name);
		if (!spec) return;
		const section = sectionOf(spec);
		const there = [...section.places].find((place) => place.sandbox.spec.name === name && !place.sandbox.hasEnded());
		if (!there && section.places.size >= section.cap && !makeRoom(section)) return;
		await (there ?? addPlace(section, spec, undefined)).sandbox.ready.catch(() => {});
	};

	/** Serves whom it can, of each function the longest waiting first; looks again soon while anybody waits. */
	function serve(section: Section): void {
		for (const [name, waiters] of section.waiters) {
			const spec = find(name);
			for (;;) {
				const place = spec && waiters[0] && take(section, spec);
				if (!place) break;
				waiters.shift()?.resolve(place);
			}
			if (waiters.length === 0) section.waiters.delete(name);
		}
		if (section.waiters.size > 0) again ??= setTimeout(lookAgain, SLOW_MS);
	}

	function lookAgain(): void {
		again = undefined;
		for (const section of [guards, others]) serve(section);
	}

	const placeOf = (section: Section, name: string): Promise<Place> =>
		new Promise((resolve, reject) => {
			const waiters = section.waiters.get(name) ?? [];
			waiters.push({ resolve, reject });
			section.waiters.set(name, waiters);
			serve(section);
		});

	const release = (section: Section, place: Place): void => {
		place.patientUntil = undefined;
		if (place.sandbox.hasEnded()) section.places.delete(place);
		uses += 1;
		place.usedAt = uses;
		serve(section);
	};

	const invoke = async (name: string, event: unknown): Promise<unknown> => {
		const spec = find(name);
		if (!spec) throw new FunctionNotFound(`there is no function ${name}`);
		// A tool that is let end has to be able to report: its guard still serves.
		if (closed && spec.sandbox.kind !== 'guard') throw new SandboxEnded('the host is closing');
		const section = sectionOf(spec);
		const place = await placeOf(section, name);
		try {
			await Promise.all([place.sandbox.ready, ...spec.calls.map(warmUp)]);
			place.patientUntil = performance.now() + SLOW_MS;
			return await place.sandbox.invoke(event, spec.timeoutMs);
		} finally {
			release(section, place);
		}
	};

	const close = async (graceMs: number): Promise<void> => {
		closed = true;
		for (const waiter of [...others.waiters.values()].flat()) waiter.reject(new SandboxEnded('the host is closing'));
		others.waiters.clear();
		const end = performance.now() + graceMs;
		const busy = (): boolean => [...others.places].some((place) => place.patientUntil !== undefined);
		while (busy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
		clearTimeout(again);
		for (const place of [...guards.places, ...others.places]) place.sandbox.kill();
	};

	return { invoke, close };
}
