/** What a function that stands still may be answered: reads at once, appends one at a time, each judged as it lands. */

import { brokenByEffect, brokenByEntry } from './invariants.ts';
import { add, draftedAgo } from './ledger.ts';
import type { Question, Reply, Running } from './shipped.ts';
import { type Broken, ledgerOf, type Setting, truthOf, type World, withLedger, withTruth } from './world.ts';

type Answering = { readonly setting: Setting; readonly world: World };

/** Begins or goes on until the function asks for something that others may come before. */
export async function settled({ setting, world }: Answering, begun: Running): Promise<Running> {
	let call = begun;
	while (call.now.is === 'asks') {
		const reply = atOnce(call.now.question, { setting, world }, call);
		if (!reply) break;
		call = await setting.shipped.replied(call, reply);
	}
	return call;
}

/** The first look at a control chain comes with the reading; the look after an append is an action of its own where freezes happen. */
function atOnce(question: Question, { setting, world }: Answering, call: Running): Reply | undefined {
	if (question.port === 'read') return { port: 'read', ledger: ledgerOf(world, question.run), policy: world.policy };
	if (question.port === 'ledger' && !setting.scenario.keyed) return { port: 'ledger', ledger: ledgerOf(world, question.run) };
	if (question.port !== 'control') return undefined;
	const afterAppend = call.replies.at(-1)?.port === 'append';
	return afterAppend && setting.scenario.faults.freezes > 0 ? undefined : { port: 'control', frozen: world.frozen };
}

export type Landed = {
	readonly says: string;
	readonly world: World;
	readonly call: Running;
	readonly broken?: Broken | undefined;
	readonly entry?: Landing;
};
type Landing = Extract<Question, { port: 'append' }>['entry'];

/** Answers what the function asks now, `age` seconds after it read its clock, and goes on to its next question. */
export async function answered(setting: Setting, world: World, { call, age }: { call: Running; age: number }): Promise<Landed> {
	if (call.now.is !== 'asks') throw new Error('nothing was asked');
	const { question } = call.now;
	if (question.port === 'append') return landed(setting, world, { call, age, question });
	const reply = otherwise(question, world);
	const next = await settled({ setting, world }, await setting.shipped.replied(call, reply));
	return { says: `looks at ${question.port === 'control' ? 'the control chains' : question.port}`, world, call: next };
}

function otherwise(question: Exclude<Question, { port: 'append' }>, world: World): Reply {
	if (question.port === 'claim') return { port: 'claim', latest: world.claims.at(-1) };
	if (question.port === 'control') return { port: 'control', frozen: world.frozen };
	if (question.port === 'ledger') return { port: 'ledger', ledger: ledgerOf(world, question.run) };
	return { port: 'read', ledger: ledgerOf(world, question.run), policy: world.policy };
}

type Appending = { readonly call: Running; readonly age: number; readonly question: Extract<Question, { port: 'append' }> };

/** L1: the place is free or taken; a claim that is taken, likewise; then all of it lands at once. */
async function landed(setting: Setting, world: World, { call, age, question }: Appending): Promise<Landed> {
	const entry = draftedAgo(question.entry, setting.scenario.timed ? age : 0);
	const { claim, writes } = question.together ?? {};
	const before = ledgerOf(world, entry.run);
	const lost = (is: 'conflict' | 'claimed') => resumed(setting, world, call, is);
	if (entry.place !== before.state.head.place + 1) return { ...(await lost('conflict')), says: `${inWords(entry)}: the place is taken` };
	if (claim && world.claims.some((other) => other.n === claim.n))
		return { ...(await lost('claimed')), says: `${inWords(entry)}: the claim is taken` };
	const added = add(before, entry, setting.scenario.exact);
	if (added.is === 'illegal')
		return { says: inWords(entry), world, call, broken: { invariant: 'L3 only legal transitions are stored', why: added.why } };
	let after = withLedger(world, entry.run, added.ledger);
	if (claim) after = { ...after, claims: [...after.claims, claim] };
	if (writes && writes.length > 0 && entry.kind === 'outcome') {
		const truth = truthOf(world, entry.run, entry.step);
		after = withTruth(
			after,
			{ run: entry.run, step: entry.step },
			{ ...truth, effects: truth.effects + 1, acted: [...truth.acted, ...entry.attempts] },
		);
	}
	const landing = { entry, before: before.state, world: after, scenario: setting.scenario };
	const broken = brokenByEntry(landing) ?? brokenByEffect(after, setting.scenario);
	return { ...(await resumed(setting, after, call, 'appended')), says: inWords(entry), broken, entry };
}

async function resumed(setting: Setting, world: World, call: Running, is: 'appended' | 'conflict' | 'claimed') {
	const next = await setting.shipped.replied(call, { port: 'append', is });
	return { world, call: await settled({ setting, world }, next) };
}

/** An entry as a trace tells it. */
export function inWords(entry: Landing): string {
	const at = `${entry.run} place ${entry.place}:`;
	switch (entry.kind) {
		case 'decision':
			if (entry.verdict === 'hold') return `${at} holds step ${entry.step} for ${entry.hold?.for}`;
			if (entry.verdict === 'deny') return `${at} denies step ${entry.step} (${entry.reason})`;
			return entry.asks
				? `${at} grants a lookup about attempt ${entry.asks}`
				: `${at} grants attempt ${entry.attempt} of step ${entry.step}`;
		case 'outcome':
			return `${at} ${entry.by} says ${entry.result} of attempt ${entry.attempts} of step ${entry.step}${entry.contradicts ? ', which contradicts' : ''}`;
		case 'intent':
			return `${at} plans ${entry.calls.map(({ step }) => `step ${step}`).join(', ')}`;
		case 'resumed':
			return `${at} epoch ${entry.epoch} begins`;
		default:
			return `${at} ${entry.kind}`;
	}
}

/** Whether the function ended by refusing to record, or by finding the stored bytes no ledger: a fault of the shipped rules. */
export function brokenByThrowing({ now, call }: Running): Broken | undefined {
	if (now.is !== 'threw') return undefined;
	if (now.name === 'AssertionError') return { invariant: 'L3 only legal transitions are stored', why: `${call.fn}: ${now.message}` };
	// Known and retryable: whoever asked asks again.
	if (now.name === 'ClocksDisagree') return undefined;
	return { invariant: 'a function answers', why: `${call.fn}: ${now.name}: ${now.message}` };
}
