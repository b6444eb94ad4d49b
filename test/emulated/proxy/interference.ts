/** Calls that a test wants lost, late, refused or held, told while everything runs. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { UserIdentity } from './identities.ts';
import type { Operation } from './operation.ts';

/** What becomes of a call. `before` it reached the account nothing happened there; `after`, it did, and nobody is told. */
const doing = z.discriminatedUnion('is', [
	z.strictObject({ is: z.literal('drop'), when: z.enum(['before', 'after']) }),
	z.strictObject({ is: z.literal('delay'), ms: z.int().min(0).max(120_000) }),
	z.strictObject({ is: z.literal('fail'), status: z.int(), code: z.string() }),
	/** Until the rule is lifted; then it goes on. */
	z.strictObject({ is: z.literal('hold'), when: z.enum(['before', 'after']) }),
]);
export const rule = z.strictObject({
	service: z.string(),
	operation: z.string(),
	/** A part of the caller's ARN. */
	caller: z.string().optional(),
	/** A part of what is sent. */
	says: z.string().optional(),
	/** So many matching calls pass first. */
	skip: z.int().min(0).default(0),
	/** So many are interfered with; then it is over. */
	times: z.int().min(1).default(1),
	do: doing,
});
export type Rule = z.input<typeof rule>;
export type Doing = z.infer<typeof doing>;
/** `gone` of those that wait are from callers that have hung up, or were killed. */
export type Standing = { readonly met: number; readonly waiting: number; readonly gone: number };

const RULES = 64;

export type Interference = {
	add(given: Rule): string;
	lift(id: string): Standing | undefined;
	standing(id: string): Standing | undefined;
	/** What becomes of this call, if any rule is about it. */
	about(
		operation: Operation,
		caller: UserIdentity,
		body: Buffer,
	): { what: Doing; passed(hungUp: Promise<unknown>): Promise<void> } | undefined;
	liftAll(): void;
};

type Kept = {
	readonly asked: z.infer<typeof rule>;
	seen: number;
	met: number;
	waiting: number;
	gone: number;
	readonly lifted: PromiseWithResolvers<void>;
};

export function interference(): Interference {
	const rules = new Map<string, Kept>();
	const standingOf = ({ met, waiting, gone }: Kept): Standing => ({ met, waiting, gone });
	const lift = (id: string): Standing | undefined => {
		const kept = rules.get(id);
		kept?.lifted.resolve();
		rules.delete(id);
		return kept && standingOf(kept);
	};
	return {
		add: (given) => {
			if (rules.size >= RULES) throw new Error(`${RULES} rules stand; lift those that are over`);
			const id = randomUUID();
			rules.set(id, { asked: rule.parse(given), seen: 0, met: 0, waiting: 0, gone: 0, lifted: Promise.withResolvers<void>() });
			return id;
		},
		lift,
		standing: (id) => {
			const kept = rules.get(id);
			return kept && standingOf(kept);
		},
		about: (operation, caller, body) => {
			const kept = [...rules.values()].find((one) => isAbout(one, { operation, caller, body }));
			if (!kept) return undefined;
			kept.met += 1;
			const { do: what } = kept.asked;
			return { what, passed: (hungUp) => passed(kept, what, hungUp) };
		},
		liftAll: () => [...rules.keys()].forEach(lift),
	};
}

function isAbout(kept: Kept, { operation, caller, body }: { operation: Operation; caller: UserIdentity; body: Buffer }): boolean {
	const { asked } = kept;
	if (kept.met >= asked.times || asked.service !== operation.service || asked.operation !== operation.name) return false;
	if (asked.caller !== undefined && !caller.arn?.includes(asked.caller)) return false;
	const named = JSON.stringify(operation.input);
	if (asked.says !== undefined && !body.includes(asked.says) && !named.includes(asked.says)) return false;
	kept.seen += 1;
	return kept.seen > asked.skip;
}

async function passed(kept: Kept, what: Doing, hungUp: Promise<unknown>): Promise<void> {
	if (what.is === 'delay') await setTimeout(what.ms);
	if (what.is !== 'hold') return;
	kept.waiting += 1;
	let isHeld = true;
	void hungUp.then(() => {
		if (isHeld) kept.gone += 1;
	});
	await kept.lifted.promise;
	isHeld = false;
	kept.waiting -= 1;
}
