/**
 * One invocation as it is explored: every call out of a process is a crossing, counted in the order in which they are made,
 * and to some of them, by their numbers, a plan has something happen.
 */
import { hash } from 'node:crypto';
import { befall, type Fault, faults } from '../../../adapters/memory/faults.ts';
import { type Invocation, Refused } from '../../doubles/functions.ts';
import { crossing, die, type Mortal } from '../../doubles/mortal.ts';
import { remember } from '../remember/remembered.ts';
import type { Doing } from './doing.ts';
import { type At, type Kind, kindsAt } from './kinds.ts';
import type { Outward } from './outward.ts';
import { siteHere } from './site.ts';
import type { World } from './world.ts';

export type Plan = ReadonlyMap<number, Kind>;
export const noFault: Plan = new Map();

export type Crossing = {
	readonly at: At;
	/** Whose call it is: a function, a machine, the environment. */
	readonly by: string;
	readonly kinds: readonly Kind[];
	/** Where in the source the call is made, where that was looked for. */
	readonly site: string | undefined;
	/** All that what follows can depend on: what every living process was answered, what is durable, and what is still to befall calls under way. */
	readonly past: string | undefined;
	/** All that what follows can depend on once this process has ended here; undefined where it has other calls under way. */
	readonly end: string | undefined;
	/** The processes that wait for this one: while they are the same, it is the same process that calls. */
	readonly callers: string | undefined;
};

/** One process, from its invocation to its end. `calls`: how many of them are under way; `made`: how many there were. */
export type Caller = {
	readonly name: string;
	readonly mortal: Mortal;
	readonly serving: Invocation;
	past: string;
	calls: number;
	made: number;
};
export type Process = Caller & { readonly outward: Outward };

export type Running = {
	readonly world: World;
	readonly plan: Plan;
	readonly crossings: Crossing[];
	/** Processes that are alive, the one that is asked last on top. */
	readonly alive: Process[];
	/** What is still to befall calls that are under way, by their numbers: it shows only when they come back. */
	readonly pending: Map<number, Kind>;
	/** Functions that were asked, in the order in which they began. */
	readonly invocations: Invocation[];
	readonly logged: { readonly name: string; readonly message: string }[];
	/** Whether call sites are looked for, and whether pasts are kept: both cost more than the calls. */
	readonly looks: { readonly sites?: boolean; readonly pasts?: boolean };
	/** What is durable, as far as this invocation can have changed it. */
	readonly durable: () => string;
	/** What becomes of what its processes do. */
	readonly doing: Doing;
	/** Calls whose effects are not over: what a process that ended had sent beside its last call. */
	underWay: number;
	/** Has whoever else has something to do go first. */
	readonly meanwhile: () => Promise<void>;
};

/** The invocation that is under way. Exactly one is, at any moment, and its innermost process is the one that runs. */
export const here: { running: Running | undefined } = { running: undefined };
export function processHere(): { readonly running: Running; readonly process: Process } {
	const process = here.running?.alive.at(-1);
	if (!here.running || !process) throw new Error('no process is alive here');
	return { running: here.running, process };
}

export const digestOf = (text: string): string => hash('sha1', text, 'base64');

export type CrossingCall<T> = {
	readonly at: At;
	/** Fewer than what may befall such a call, where the other makes less sense. */
	readonly kinds?: readonly Kind[];
	readonly effect: (fault: Fault | undefined) => Promise<T>;
	/** What the caller can tell of an answer. */
	readonly says?: (answer: T) => string;
	readonly instead?: Partial<Record<Kind, () => Promise<T>>>;
};

/** A call out of `process`, and what the plan has happen to it. `from`: where in the source it is made, where that is known. */
export function cross<T>(running: Running, process: Caller, call: CrossingCall<T>, from?: string): Promise<T> {
	return crossing(async () => {
		const index = running.crossings.length;
		process.calls += 1;
		process.made += 1;
		const number = process.made;
		const site = running.looks.sites ? (from ?? siteHere()) : undefined;
		const kind = meet(running, { at: call.at, by: process.name, site, ...(call.kinds && { kinds: call.kinds }) });
		const learn = (says: () => string): void => {
			if (!running.looks.pasts) return;
			running.pending.delete(index);
			process.calls -= 1;
			// One that is remembered keeps its past itself.
			if (!remember.isOn()) process.past = digestOf(`${process.past}\n${number} ${call.at}\n${says()}`);
		};
		running.underWay += 1;
		try {
			if (kind === 'overtaken') await running.meanwhile();
			if (kind === 'hang-before') return die('Sandbox.Timedout');
			const instead = kind && call.instead?.[kind];
			const answer = await (instead ? instead() : call.effect(asFault(kind)));
			if (kind === 'hang-after') return die('Sandbox.Timedout');
			learn(() => (call.says ? call.says(answer) : JSON.stringify(answer)));
			return answer;
		} catch (error) {
			learn(() => (error instanceof Error ? `${error.name} ${error.message}` : String(error)));
			throw error;
		} finally {
			running.underWay -= 1;
		}
	}, call.at);
}

/** Counts a crossing; answers what is to happen to it. */
type Met = { readonly at: At; readonly by: string; readonly kinds?: readonly Kind[]; readonly site?: string | undefined };
export function meet(running: Running, { at, by, kinds = kindsAt[at], site }: Met): Kind | undefined {
	const index = running.crossings.length;
	const { looks } = running;
	running.crossings.push({
		at,
		by,
		kinds,
		site,
		...(looks.pasts ? pasts(running) : { past: undefined, end: undefined, callers: undefined }),
	});
	const kind = running.plan.get(index);
	if (kind !== undefined) running.pending.set(index, kind);
	return kind;
}

function pasts(running: Running): Pick<Crossing, 'past' | 'end' | 'callers'> {
	const { alive } = running;
	const before = `${running.durable()}\n${underWay(running)}`;
	const each = alive.map(({ name, past }) => `${name} ${past}`);
	const callers = [running.invocations.length, ...each.slice(0, -1)].join('\n');
	const isAlone = alive.at(-1)?.calls === 1;
	return {
		past: [before, ...each].join('\n'),
		end: isAlone ? `end\n${before}\n${callers}` : undefined,
		callers: isAlone ? callers : undefined,
	};
}

/** What is still to come of this invocation, and how far it is: a second delivery is not the first. */
const underWay = ({ pending, invocations }: Running): string => `${invocations.length} ${[...pending].join()}`;

const asFault = (kind: Kind | undefined): Fault | undefined => faults.find((fault) => fault === kind);

/** The call of something that is no storage port, and what befalls it. */
export const passed =
	<T>(at: string, effect: () => Promise<T>): CrossingCall<T>['effect'] =>
	(fault) =>
		fault ? befall(fault, { cause: `${at}: ${fault}`, effect, refused: (cause) => new Refused(cause) }) : effect();
