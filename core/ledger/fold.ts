/**
 * The transition table: which entry may follow which state (L3), and what it makes of it.
 * Every pair that is not listed here is illegal, never ignored.
 *
 * Epochs (L4): everything but an outcome is written by the present epoch; an outcome may come from a fenced one,
 * because what happened in the world is evidence whoever says it.
 */
import { canonical } from './chain.ts';
import type { Content, FactRecord } from './content.ts';
import type { Entry, EntryOf, Kind } from './entry.ts';
import { foldDecision } from './fold-decision.ts';
import { foldOutcome } from './fold-outcome.ts';
import { clearState, encodeState, isHeld, openAttempts, openSteps, type RunState, rememberFacts, type StepState, stepOf } from './state.ts';
import { type Folded, illegal, legal, withStep } from './transition.ts';

/** What the fold needs of an entry's content, where it was opened. */
export type Opened = { facts?: readonly FactRecord[] };

/**
 * The state after `entry`, whose hash is `hash`. `state` is undefined before the first entry,
 * or when reading begins at a checkpoint, which then is believed as any stored entry is.
 */
export function fold(state: RunState | undefined, entry: Entry, hash: string, opened: Opened = {}): Folded {
	const head = { place: entry.place, hash, at: entry.at };
	if (!state) return begin(entry, head, opened);
	if (entry.run !== state.run) return illegal(`an entry of ${entry.run} in ${state.run}`);
	if (entry.place !== state.head.place + 1) return illegal(`place ${entry.place} after ${state.head.place}`);
	if (entry.prev !== state.head.hash) return illegal(`names ${entry.prev} as the entry before it; that is ${state.head.hash}`);
	if (entry.kind !== 'outcome' && entry.epoch !== state.epoch + (entry.kind === 'resumed' ? 1 : 0)) {
		return illegal(`${entry.kind} of epoch ${entry.epoch} in epoch ${state.epoch}`);
	}
	const next = transition(state, entry);
	if (next.is === 'illegal') return next;
	const facts = factsAfter(next.state.facts, entry, opened);
	// Whatever anyone records is progress; only resumes upon resumes are not.
	const resumesWithoutProgress = entry.kind === 'resumed' ? next.state.resumesWithoutProgress : 0;
	return legal({ ...next.state, head, facts, resumesWithoutProgress });
}

/** The same whether the fold came this way or began at a checkpoint: what a checkpoint holds replaces what was folded. */
function factsAfter(known: readonly FactRecord[], entry: Entry, opened: Opened): readonly FactRecord[] {
	if (entry.kind === 'outcome') return entry.facts && opened.facts ? rememberFacts(known, opened.facts) : known;
	if (entry.kind !== 'checkpoint') return known;
	return entry.sealed ? (opened.facts ?? known) : [];
}

function transition(state: RunState, entry: Entry): Folded {
	switch (entry.kind) {
		case 'opened':
			return illegal('a run is opened once');
		case 'resumed':
			return foldResumed(state, entry);
		case 'intent':
			return foldIntent(state, entry);
		case 'decision':
			return foldDecision(state, entry);
		case 'approval':
			return foldApproval(state, entry);
		case 'outcome':
			return foldOutcome(state, entry);
		case 'checkpoint':
			return foldCheckpoint(state, entry);
		case 'frozen':
			return state.frozen ? illegal('frozen already') : legal({ ...state, frozen: { at: entry.at, by: entry.by, place: entry.place } });
		case 'thawed':
			return state.frozen ? legal({ ...state, frozen: null }) : illegal('not frozen');
		case 'closed':
			return foldClosed(state, entry);
	}
}

function begin(entry: Entry, head: RunState['head'], opened: Opened): Folded {
	if (entry.kind === 'checkpoint') {
		const clear = clearState.safeParse(entry.state);
		if (!clear.success) return illegal(`a checkpoint that holds no state: ${clear.error.issues[0]?.path.join('.')}`);
		if (clear.data.run !== entry.run || clear.data.epoch !== entry.epoch) return illegal('a checkpoint of another run or epoch');
		return legal(afterCheckpoint({ ...clear.data, head, checkpointPlace: 0, facts: opened.facts ?? [] }, entry));
	}
	if (entry.kind !== 'opened' || entry.place !== 0)
		return illegal(`a run begins with opened at place 0, not ${entry.kind} at ${entry.place}`);
	if (entry.epoch !== 0 || entry.prev !== '0'.repeat(64)) return illegal('a run begins with epoch 0 and no entry before it');
	return legal({
		run: entry.run,
		agent: entry.agent,
		driver: entry.driver,
		root: head.hash,
		openedAt: entry.at,
		epoch: 0,
		epochPlace: 0,
		budget: entry.budget,
		turns: 0,
		spend: 0,
		nextStep: 1,
		steps: {},
		frozen: null,
		closed: null,
		memory: null,
		contradictions: [],
		resumesWithoutProgress: 0,
		head,
		checkpointPlace: 0,
		facts: [],
	});
}

function foldResumed(state: RunState, entry: EntryOf<'resumed'>): Folded {
	if (state.closed && openSteps(state).length === 0) return illegal('a closed run with nothing open is not taken up');
	const fruitless = entry.reason === 'recovery' ? state.resumesWithoutProgress + 1 : 0;
	return legal({ ...state, epoch: entry.epoch, epochPlace: entry.place, resumesWithoutProgress: fruitless });
}

function foldIntent(state: RunState, entry: EntryOf<'intent'>): Folded {
	if (state.closed) return illegal('nothing is planned after closed');
	if (entry.readTo !== state.head.place) return illegal(`planned at ${entry.readTo}, appended after ${state.head.place}`);
	if (state.driver === 'planner' && openSteps(state).length > 0) return illegal('planned while a step is open');
	if (entry.rejected && entry.calls.length > 0) return illegal('a rejected plan with calls');
	const steps = { ...state.steps };
	for (const [index, call] of entry.calls.entries()) {
		if (call.step !== state.nextStep + index) return illegal(`step ${call.step} where ${state.nextStep + index} is next`);
		steps[call.step] = {
			step: call.step,
			tool: call.tool,
			call: call.call,
			intentPlace: entry.place,
			effect: null,
			attempts: [],
			lookups: 0,
			asked: null,
			hold: null,
			approval: null,
			claim: null,
			spend: 0,
			end: null,
		};
	}
	return legal({ ...state, steps, nextStep: state.nextStep + entry.calls.length, turns: state.turns + 1 });
}

function foldApproval(state: RunState, entry: EntryOf<'approval'>): Folded {
	const step = stepOf(state, entry.step);
	if (!step || !isHeld(step) || step.hold?.for !== 'approval') return illegal(`step ${entry.step} asks for no approval`);
	if (step.hold.shown !== entry.shown) return illegal('the answer is about something else than what was shown');
	const approval = { answer: entry.answer, shown: entry.shown, by: entry.by, expiresAt: entry.expiresAt };
	return legal(withStep(state, { ...step, approval, hold: { ...step.hold, answered: true } }));
}

function foldCheckpoint(state: RunState, entry: EntryOf<'checkpoint'>): Folded {
	if (entry.memory !== null && entry.memory >= entry.place) return illegal('memory of what has not happened yet');
	// Compared as text: the checkpoint must say exactly what the entries before it come to.
	if (canonical(entry.state) !== canonical(encodeState(state)))
		return illegal('a checkpoint that says otherwise than the entries before it');
	return legal(afterCheckpoint({ ...state, steps: encodeState(state).steps }, entry));
}

function afterCheckpoint(state: RunState, entry: EntryOf<'checkpoint'>): RunState {
	// It is progress here as it is in `fold`, so that reading from a checkpoint comes to the same as reading up to it.
	const checkpointed = { ...state, checkpointPlace: entry.place, resumesWithoutProgress: 0 };
	if (entry.memory === null) return checkpointed;
	// Memory alone is a turn, so that a planner which only ever remembers comes to the end of its budget; along with calls it is not another.
	const turns = state.turns + (openSteps(state).length > 0 ? 0 : 1);
	return { ...checkpointed, memory: { place: entry.place, knows: entry.memory }, turns };
}

/** A checkpoint's facts replace those folded so far; they are the same wherever the content can be opened. */
export function openedOf<K extends Kind>(entry: EntryOf<K>, content: unknown): Opened {
	if (entry.kind === 'checkpoint') return { facts: (content as Content<'checkpoint'>).facts };
	if (entry.kind !== 'outcome') return {};
	const facts = (content as Content<'outcome'>).facts ?? [];
	return { facts: facts.map((fact) => ({ ...fact, at: entry.at, step: (entry as EntryOf<'outcome'>).step })) };
}

function foldClosed(state: RunState, entry: EntryOf<'closed'>): Folded {
	if (state.closed) return illegal('closed already');
	const open = openSteps(state);
	if (entry.how !== 'stopped' && open.length > 0) return illegal(`closed as ${entry.how} while ${open.length} steps are open`);
	const end = { result: 'denied', by: 'guard', place: entry.place, at: entry.at } as const;
	const ended = open.filter((step) => openAttempts(step).length === 0).map((step) => ({ ...step, end }));
	// An attempt that is open is still settled, so its step must not wait for an approval that nobody can give any more.
	const left = open.filter((step) => openAttempts(step).length > 0).map(withoutApproval);
	const steps = { ...state.steps, ...Object.fromEntries([...ended, ...left].map((step) => [step.step, step])) };
	const unspent = ended.reduce((sum, step) => sum + step.spend, 0);
	return legal({
		...state,
		steps,
		spend: state.spend - unspent,
		closed: { how: entry.how, by: entry.by, at: entry.at, place: entry.place },
	});
}

const withoutApproval = (step: StepState): StepState =>
	step.hold?.for === 'approval' ? { ...step, hold: { ...step.hold, answered: true } } : step;
