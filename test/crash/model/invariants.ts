/** What must hold in every state: the invariants of the design, judged by what is true at the target and not by what a ledger says. */
import type { Entry } from '../../../core/ledger/entry.ts';
import { type RunState, stepOf } from '../../../core/ledger/state.ts';
import { powerOf } from './power.ts';
import type { Scenario } from './settings.ts';
import { allSteps, type Broken, stateOf, type ToolProcess, truthOf, type World } from './world.ts';

const broken = (invariant: string, why: string): Broken => ({ invariant, why });
type Landing = { readonly entry: Entry; readonly before: RunState; readonly world: World; readonly scenario: Scenario };

/** Judges an entry that has just landed; `world` is the one after it. */
export function brokenByEntry(landing: Landing): Broken | undefined {
	return (
		epochOf(landing) ??
		afterClosed(landing) ??
		concludedTooEarly(landing) ??
		endedTwice(landing) ??
		lost(landing) ??
		untrue(landing) ??
		unfounded(landing)
	);
}

function epochOf({ entry, before }: Landing): Broken | undefined {
	const present = before.epoch + (entry.kind === 'resumed' ? 1 : 0);
	if (entry.kind === 'outcome' || entry.epoch === present) return undefined;
	return broken('L4 a fenced writer changes nothing', `${entry.kind} of epoch ${entry.epoch} in epoch ${before.epoch}`);
}

function afterClosed({ entry, before }: Landing): Broken | undefined {
	if (!before.closed) return undefined;
	const plans = entry.kind === 'intent' && entry.calls.length > 0;
	const grants = entry.kind === 'decision' && entry.attempt !== undefined;
	return plans || grants ? broken('nothing is planned or granted after closed', entry.kind) : undefined;
}

/** S2, S4: whoever was not there concludes about an attempt only when it can act no more. */
function concludedTooEarly({ entry, before, world, scenario }: Landing): Broken | undefined {
	if (scenario.effect === 'read' || scenario.effect === 'transaction') return undefined;
	const { run } = entry;
	for (const step of allSteps(stateOf(world, run))) {
		const was = stepOf(before, step.step);
		const acting = stillActing(world, scenario, { run, step: step.step });
		const others = acting.filter((attempt) => !(entry.kind === 'decision' && entry.step === step.step && entry.attempt === attempt));
		if (others.length === 0) continue;
		if (step.end && step.end.result !== 'done' && !was?.end)
			return broken('S4 in doubt is never guessed', `step ${step.step} ended ${step.end.result} while attempt ${others[0]} may still act`);
		const told = entry.kind === 'outcome' && entry.step === step.step && entry.by !== 'tool' && !entry.stands;
		if (told && entry.attempts.some((attempt) => others.includes(attempt)))
			return broken('S4 in doubt is never guessed', `${entry.by} says ${entry.result} of attempt ${others[0]}, which may still act`);
		if (entry.kind !== 'decision' || entry.step !== step.step) continue;
		if (entry.hold?.for === 'doubt')
			return broken('S4 a person is asked after the wait', `attempt ${others[0]} of step ${step.step} may still act`);
		if (entry.attempt !== undefined && scenario.effect !== 'replay')
			return broken('S2 no second attempt while an earlier one may act', `attempt ${others[0]} of step ${step.step}`);
	}
	return undefined;
}

function stillActing(world: World, scenario: Scenario, { run, step }: { run: string; step: number }): number[] {
	return world.processes.flatMap((process) => {
		if (process.is !== 'tool' || process.run !== run || process.step !== step) return [];
		const able = powerOf(process, scenario);
		return able && able.power > 0 ? [able.attempt] : [];
	});
}

function endedTwice({ entry, before, world }: Landing): Broken | undefined {
	for (const was of allSteps(before)) {
		const is = stepOf(stateOf(world, entry.run), was.step);
		if (!was.end || !is || (entry.kind === 'outcome' && entry.stands)) continue;
		if (JSON.stringify(is.end) !== JSON.stringify(was.end))
			return broken('S3 a step ends once', `step ${was.step}, ${was.end.result}, ended again`);
	}
	return undefined;
}

/** Concluding that an attempt had no effect is no reason to give up what was planned: that is for the tool, a person, or whoever closes. */
function lost({ entry, before, world }: Landing): Broken | undefined {
	if (before.closed || entry.kind !== 'outcome' || entry.by === 'tool' || entry.by === 'person' || entry.result === 'done')
		return undefined;
	if (stepOf(before, entry.step)?.end) return undefined;
	const end = stepOf(stateOf(world, entry.run), entry.step)?.end;
	return end
		? broken('nothing planned is lost', `step ${entry.step} ended ${end.result} because ${entry.by} said that an attempt did nothing`)
		: undefined;
}

/** What the ledger says came of a step is what came of it, or the run is held for a contradiction. */
function untrue({ entry, world, scenario }: Landing): Broken | undefined {
	const state = stateOf(world, entry.run);
	const lied = world.left.lies < scenario.faults.lies;
	if (state.contradictions.length > 0 && !lied)
		return broken('nobody lied, yet records contradict', `step ${state.contradictions[0]?.step}`);
	if (scenario.effect === 'read' || lied) return undefined;
	for (const step of allSteps(state)) {
		const { effects, acted } = truthOf(world, entry.run, step.step);
		if (step.end?.result === 'done' && effects === 0) return broken('no done without an effect', `step ${step.step}`);
		if (step.end && step.end.result !== 'done' && effects > 0)
			return broken('no failed where it happened', `step ${step.step} is recorded ${step.end.result}`);
		const wrong = step.attempts.find((attempt) => attempt.end?.result === 'failed' && acted.includes(attempt.attempt));
		if (wrong) return broken('no failed where it happened', `attempt ${wrong.attempt} of step ${step.step}`);
	}
	return undefined;
}

/** A grant needs what it says it rests on. */
function unfounded({ entry, before, world, scenario }: Landing): Broken | undefined {
	if (entry.kind === 'intent' && before.driver === 'planner') {
		const open = allSteps(before).filter((step) => !step.end);
		if (open.length > 0 && entry.calls.length > 0)
			return broken('a plan that was overtaken is thrown away', 'planned while a step is open');
	}
	if (entry.kind !== 'decision' || entry.attempt === undefined) return undefined;
	const step = stepOf(before, entry.step);
	if (scenario.policy === 'ask' && step?.approval?.answer !== 'approved')
		return broken('nothing is granted that a person has not allowed', `step ${entry.step}`);
	const spend = allSteps(stateOf(world, entry.run)).reduce(
		(sum, each) => sum + (each.end && each.end.result !== 'done' ? 0 : each.spend),
		0,
	);
	if (scenario.budget !== null && spend > scenario.budget) return broken('the budget holds', `${spend} of ${scenario.budget}`);
	return undefined;
}

/** S1, I1, freeze: judged at the moment a guard hands credentials to a tool. */
export function brokenByHandingOut(world: World, process: ToolProcess, attempt: number | undefined): Broken | undefined {
	if (process.doing.is !== 'asking') return undefined;
	const { replies } = process.doing.call;
	const last = replies.findLast((reply) => reply.port === 'append');
	if (last?.port !== 'append' || last.is !== 'appended')
		return broken('S1 nothing is handed out before its decision is durable', `attempt ${attempt}`);
	if (world.frozen) return broken('nothing is handed out once frozen', `attempt ${attempt}`);
	return undefined;
}

/** No effect twice beyond what the class promises, over all steps that mean the same. */
export function brokenByEffect(world: World, { effect, effectsAtMost }: Scenario): Broken | undefined {
	const effects = Object.values(world.truths).reduce((sum, truth) => sum + truth.effects, 0);
	return effects > effectsAtMost
		? broken('no effect twice', `${effects} effects of a ${effect} tool where ${effectsAtMost} is right`)
		: undefined;
}

/** A report's own attempt has a recorded end afterwards, the one it reports, or the run is held against it: testimony is never dropped. */
export function brokenByTestimony(world: World, { run, step: number, doing }: ToolProcess, answer: { is: string }): Broken | undefined {
	// What a lookup was told is no testimony: the target can be asked again, and by a later lookup has been.
	if (doing.is !== 'reporting' || doing.about === null || doing.call.call.fn !== 'report') return undefined;
	const dropped = (why: string): Broken => broken('testimony is never dropped', `attempt ${doing.about} of step ${number} ${why}`);
	if (answer.is === 'refused') return dropped('reports, and the guard refuses');
	const state = stateOf(world, run);
	const step = stepOf(state, number);
	// What a transaction's attempt says after another one's commit changed nothing, and a read's changes nothing ever.
	if (!step || step.effect === 'read' || step.effect === 'transaction') return undefined;
	if (state.contradictions.some((other) => other.step === number)) return undefined;
	const end = step.attempts[doing.about - 1]?.end;
	if (!end) return dropped('has reported and is open');
	return end.result === doing.call.call.report.is
		? undefined
		: dropped(`has reported ${doing.call.call.report.is} and is recorded ${end.result}`);
}
