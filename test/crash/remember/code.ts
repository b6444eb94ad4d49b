/**
 * The code of a process that has gone some way without it: what was done already is compared and not done again, what was
 * learned already it learns again, in that order. From there on it is as any process, and its way becomes known.
 */
import type { Outward } from '../world/outward.ts';
import { siteHere } from '../world/site.ts';
import { type Going, perform, stand } from './going.ts';
import { frozen, RememberedWrongly } from './remembered.ts';
import type { Did, isLike, Learned } from './ways.ts';

type Coded = { readonly outward: Outward; readonly begin: (same: typeof isLike) => void };

export function coded(going: Going): Coded {
	const { learned, caller } = going;
	let calls = 0;
	/** Of what was done before, so much is compared. */
	let compared = 0;
	/** So much of what it has learned was known when its code began. */
	let known = 0;
	/** What it has done where it stands. */
	let here: Did[] = [];
	let expect = expecting(caller.name, () => false);

	const leave = (): void => {
		const { did } = going.stand;
		for (let index = 0; did && index < Math.max(did.length, here.length); index += 1) expect(did[index], here[index], index);
		going.stand.did ??= here;
		here = [];
	};
	const { wait, take, hand } = handing(going, (one, delivered) => {
		if (delivered <= known) return;
		leave();
		stand(going, one);
	});
	const learn = (one: Learned): void => {
		if (going.over) return;
		learned.push(one);
		hand();
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
			const answer = wait(calls);
			act({ is: 'call', number: calls, what, given, site: going.did[compared] ? undefined : siteHere() });
			// It may call others first.
			queueMicrotask(hand);
			return answer as ReturnType<Outward['call']> as never;
		},
		sense: (what, ...given) => {
			const sensed = act({ is: 'sense', what, given });
			if (sensed) learned.push(sensed);
			return take() as never;
		},
		tell: (what, ...given) => void act({ is: 'tell', what, given }),
	};
	const begin: Coded['begin'] = (same) => {
		known = learned.length;
		going.live = learn;
		expect = expecting(caller.name, same);
		going.code(outward).then(
			(answer) => finish({ is: 'end', what: 'answer', answer: answer === undefined ? null : frozen(JSON.parse(JSON.stringify(answer))) }),
			(error) => finish({ is: 'end', what: 'failure', ...failureOf(error) }),
		);
	};
	return { outward, begin };
}

function failureOf(error: unknown): { readonly name: string; readonly message: string } {
	const { name, message } = error instanceof Error ? error : new Error(String(error));
	return { name, message };
}

/** Hands a process what it has learned, one after another. */
function handing(going: Going, onHanded: (one: Learned, handed: number) => void) {
	const { learned } = going;
	const waiting = new Map<number, PromiseWithResolvers<unknown>>();
	let handed = 0;
	/** It may still have something to do about what it was handed last. */
	let busy = false;
	const next = (one: Learned): void => {
		handed += 1;
		onHanded(one, handed);
	};
	const hand = (): void => {
		for (let one = learned[handed]; !busy && !going.over && one && one.is !== 'sensed'; one = learned[handed]) {
			const waits = waiting.get(one.number);
			if (!waits) return;
			waiting.delete(one.number);
			next(one);
			if (one.is === 'answer') waits.resolve(one.answer);
			else waits.reject(one.error);
			if (waiting.size === 0) continue;
			// It waits for others too: what it does about this one must not depend on how soon the next comes.
			busy = true;
			setImmediate(() => {
				busy = false;
				hand();
			});
		}
	};
	return {
		wait: (number: number): Promise<unknown> => {
			const waits = Promise.withResolvers<unknown>();
			waiting.set(number, waits);
			return waits.promise;
		},
		/** What it senses is handed to it at once. */
		take: (): unknown => {
			const one = learned[handed];
			if (one?.is !== 'sensed') throw new RememberedWrongly(`${going.caller.name} senses what it has not learned`);
			next(one);
			queueMicrotask(hand);
			return one.value;
		},
		hand,
	};
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
