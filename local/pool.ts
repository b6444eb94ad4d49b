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
	/** Processes at most, for guards and for everything else; and how many may be starting at one time. */
	readonly caps: Caps;
};
export type Caps = { readonly guards: number; readonly others: number; readonly starting: number };

type Place = { sandbox: Sandbox; busy: boolean; usedAt: number };
type Waiter = { name: string; resolve: (place: Place) => void; reject: (error: Error) => void };
type Section = { readonly cap: number; places: Set<Place>; waiters: Waiter[] };

export class FunctionNotFound extends Error {
	override name = 'Lambda.ResourceNotFoundException';
}

export function createPool({ find, start, caps }: PoolOptions): Pool {
	const guards: Section = { cap: caps.guards, places: new Set(), waiters: [] };
	const others: Section = { cap: caps.others, places: new Set(), waiters: [] };
	let closed = false;
	let uses = 0;
	let starting = 0;
	const sectionOf = (spec: FunctionSpec): Section => (spec.sandbox.kind === 'guard' ? guards : others);

	const addPlace = (section: Section, spec: FunctionSpec, busy: boolean): Place => {
		const place: Place = {
			busy,
			usedAt: 0,
			sandbox: start(spec.sandbox, () => {
				section.places.delete(place);
				serveNext(section);
			}),
		};
		section.places.add(place);
		starting += 1;
		const started = (): void => {
			starting -= 1;
			for (const each of [guards, others]) serveNext(each);
		};
		place.sandbox.ready.then(started, started);
		return place;
	};

	/** An idle sandbox of this function, a new one, or one in the stead of the longest idle; or none yet. */
	const take = (section: Section, spec: FunctionSpec): Place | undefined => {
		const idle = [...section.places].filter((place) => !place.busy);
		const warm = idle.find((place) => place.sandbox.spec.name === spec.sandbox.name);
		if (warm) {
			warm.busy = true;
			return warm;
		}
		// Few at a time: while they start, those that are warm serve whoever waits.
		if (starting >= caps.starting) return undefined;
		if (section.places.size >= section.cap) {
			const oldest = idle.sort((left, right) => left.usedAt - right.usedAt)[0];
			if (!oldest) return undefined;
			section.places.delete(oldest);
			oldest.sandbox.kill();
		}
		return addPlace(section, spec, true);
	};

	/** A called function is started before its caller's time begins to run. */
	const warmUp = async (name: string): Promise<void> => {
		const spec = find(name);
		if (!spec) return;
		const section = sectionOf(spec);
		const there = [...section.places].find((place) => place.sandbox.spec.name === name && !place.sandbox.hasEnded());
		if (!there && section.places.size >= section.cap) return;
		await (there ?? addPlace(section, spec, false)).sandbox.ready.catch(() => {});
	};

	/** Serves whom it can, the longest waiting first. */
	function serveNext(section: Section): void {
		for (const waiter of [...section.waiters]) {
			const spec = find(waiter.name);
			const place = spec && take(section, spec);
			if (!place) continue;
			section.waiters.splice(section.waiters.indexOf(waiter), 1);
			waiter.resolve(place);
		}
	}

	const release = (section: Section, place: Place): void => {
		place.busy = false;
		if (place.sandbox.hasEnded()) section.places.delete(place);
		uses += 1;
		place.usedAt = uses;
		// Whoever waits for this very function goes first: it costs no start.
		const same = section.places.has(place) ? section.waiters.findIndex((waiter) => waiter.name === place.sandbox.spec.name) : -1;
		const [waiter] = same >= 0 ? section.waiters.splice(same, 1) : [];
		if (!waiter) {
			serveNext(section);
			return;
		}
		place.busy = true;
		waiter.resolve(place);
	};

	const invoke = async (name: string, event: unknown): Promise<unknown> => {
		const spec = find(name);
		if (!spec) throw new FunctionNotFound(`there is no function ${name}`);
		if (closed) throw new SandboxEnded('the host is closing');
		const section = sectionOf(spec);
		const place =
			(section.waiters.length === 0 ? take(section, spec) : undefined) ??
			(await new Promise<Place>((resolve, reject) => section.waiters.push({ name, resolve, reject })));
		try {
			await Promise.all([place.sandbox.ready, ...spec.calls.map(warmUp)]);
			return await place.sandbox.invoke(event, spec.timeoutMs);
		} finally {
			release(section, place);
		}
	};

	const close = async (graceMs: number): Promise<void> => {
		closed = true;
		for (const section of [guards, others]) {
			for (const waiter of section.waiters.splice(0)) waiter.reject(new SandboxEnded('the host is closing'));
		}
		const end = performance.now() + graceMs;
		const busy = (): boolean => [...others.places].some((place) => place.busy);
		while (busy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
		for (const place of [...guards.places, ...others.places]) place.sandbox.kill();
	};

	return { invoke, close };
}
