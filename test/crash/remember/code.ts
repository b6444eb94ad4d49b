/**
 * The code of a process that has gone some way without it: what was done already is compared and not done again, what was
 * learned already it learns again, in that order. From there on it is as any process, and its way becomes known.
 */
import type { Outward } from '../world/outward.ts';
import { siteHere } from '../world/site.ts';
import { type Going, perform, stand } from './processes.ts';
import { frozen, RememberedWrongly } from './remembered.ts';
import { type Did, isLike, isSame, type Learned } from './ways.ts';

type Coded = {
	readonly outward: Outward;
	/** `again`: what is known to be done where it stands, of which all but the end was done. */
	readonly begin: (again: readonly Did[] | undefined) => void;
};

export function coded(going: Going): Coded {
	const waiting = new Map<number, PromiseWithResolvers<unknown>>();
	let calls = 0;
	/** Of what was done before, so much is compared. */
	let compared = 0;
	/** Of what it has learned, so much is delivered, and so much was known when its code began. */
	let delivered = 0;
	let known = 0;
	/** What it has done where it stands. */
	let here: Did[] = [];
	let expect = expecting(going.caller.name, isLike);

	const leave = (): void => {
		const { did } = going.stand;
		for (let index = 0; did && index < Math.max(did.length, here.length); index += 1) expect(did[index], here[index], index);
		going.stand.did = here;
		here = [];
	};
	const advance = (learned: Learned): void => {
		delivered += 1;
		if (delivered <= known) return;
		leave();
		stand(going, learned);
	};
	/** While it may still have something to do about what it has just learned. */
	let busy = false;
	const deliver = (): void => {
		for (let next = going.learned[delivered]; !busy && !going.over && next && next.is !== 'sensed'; next = going.learned[delivered]) {
			const waits = waiting.get(next.number);
			if (!waits) return;
			waiting.delete(next.number);
			advance(next);
			if (next.is === 'answer') waits.resolve(next.answer);
			else waits.reject(next.error);
			// It waits for others too: what it does about one must not depend on how soon the next comes.
			if (waiting.size === 0) continue;
			busy = true;
			setImmediate(() => {
				busy = false;
				deliver();
			});
		}
	};
	const learn = (learned: Learned): void => {
		if (going.over) return;
		going.learned.push(learned);
		deliver();
	};
	const act = (one: Did): Learned | undefined => {
		const before = going.did[compared];
		if (before) {
			expect(before, one, compared);
			compared += 1;
			return undefined;
		}
		here.push(one);
		return perform(going, one, learn);
	};
	const finish = (one: Did): void => {
		here.push(one);
		leave();
		perform(going, one, learn);
	};
	const outward: Outward = {
		call: (what, ...given) => {
			calls += 1;
			const waits = Promise.withResolvers<unknown>();
			waiting.set(calls, waits);
			act({ is: 'call', number: calls, what, given, site: going.did[compared] ? undefined : siteHere() });
			deliver();
			return waits.promise as ReturnType<Outward['call']> as never;
		},
		sense: (what, ...given) => {
			const sensed = act({ is: 'sense', what, given });
			if (sensed) going.learned.push(sensed);
			const next = going.learned[delivered];
			if (next?.is !== 'sensed') throw new RememberedWrongly(`${going.caller.name} senses ${what}, and has learned something else`);
			advance(next);
			deliver();
			return next.value as never;
		},
		tell: (what, ...given) => void act({ is: 'tell', what, given }),
	};
	const begin: Coded['begin'] = (again) => {
		known = going.learned.length;
		going.live = learn;
		if (again) {
			here = again.slice(0, -1);
			expect = expecting(going.caller.name, isSame);
		}
		going.code(outward).then(
			(answer) => finish({ is: 'end', what: 'answer', answer: answer === undefined ? null : frozen(JSON.parse(JSON.stringify(answer))) }),
			(error) => {
				const { name, message } = error instanceof Error ? error : new Error(String(error));
				finish({ is: 'end', what: 'failure', name, message });
			},
		);
	};
	return { outward, begin };
}

/** Two processes that have learned the same have to do the same. What they are made of must not hear of it where they do not. */
const expecting =
	(name: string, same: typeof isLike) =>
	(expected: Did | undefined, one: Did | undefined, index: number): void => {
		if (expected && one && same(expected, one)) return;
		const error = new RememberedWrongly(
			`${name} did ${one?.is} ${one?.what} as number ${index}, and not ${expected?.is} ${expected?.what}`,
		);
		queueMicrotask(() => {
			throw error;
		});
	};
