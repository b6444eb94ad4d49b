/**
 * Whoever operates the place: answers what is asked, having looked at the sinks; freezes, thaws, stops, and takes runs up
 * again. Each of these is a process of its own that takes its turns among all others; nothing befalls it.
 */
import type { MemoryState } from '../../../adapters/memory/store.ts';
import { memoryStore } from '../../../adapters/memory/store.ts';
import type { Agent } from '../../../core/agent/agent.ts';
import { agentChain, everythingChain, type Json } from '../../../core/ids.ts';
import { createReader, type Store } from '../../../core/ledger/read.ts';
import { isHeld, openSteps, type RunState, type StepState } from '../../../core/ledger/state.ts';
import type { Clock } from '../../../core/ports.ts';
import { close } from '../../../functions/close/close.ts';
import { type Answer, decide, shownOf } from '../../../functions/decide/decide.ts';
import { freezeChain, freezeRun } from '../../../functions/freeze/freeze.ts';
import { open } from '../../../functions/open/open.ts';
import { statusOf } from '../../../functions/status/status.ts';
import { readControl } from '../../../functions/surroundings.ts';
import { lengths } from '../../doubles/lengths.ts';
import { crossed, mortal, type Turn } from '../../doubles/mortal.ts';
import type { Act } from '../checker/seen.ts';

export const BY = 'local:alice';

export type DeskOptions = {
	readonly agent: Agent;
	readonly state: MemoryState;
	readonly clock: Clock;
	readonly randomness: Store['randomness'];
	readonly turn: Turn;
	/** Whether it happened, as its sink or its table shows now. */
	readonly happened: (run: string, step: StepState) => boolean;
	readonly recover: (run: string, reason: 'recovery' | 'answer' | 'person') => void;
};
export type Desk = ReturnType<typeof deskOf>;

export function deskOf({ agent, state, clock, randomness, turn, happened, recover }: DeskOptions) {
	const acts: Act[] = [];
	const failures: unknown[] = [];
	const memory = memoryStore({ state });
	const store: Store = {
		ledger: crossed(memory.ledger, 'ledger'),
		claims: crossed(memory.claims, 'claims'),
		keys: crossed(memory.keys, 'keys'),
		payloads: crossed(memory.payloads, 'payloads'),
		clock,
		randomness,
	};
	const around = { store, reader: createReader(store) };

	/** Work at the desk, side by side with everything else. */
	const spawn = (name: string, work: () => Promise<unknown>): void =>
		void mortal(`desk/${name}`, turn)
			.run(work)
			.catch((error: unknown) => void failures.push(error));
	/** What somebody did, with how long every chain was before and after. */
	const done = (act: Omit<Act, 'stood' | 'told'>, told: Act['told']): void => void acts.push({ ...act, told, stood: lengths(state) });

	async function answer(run: string, given: Answer, shown?: Json): Promise<void> {
		const from = lengths(state);
		const answered = await decide({ run, by: BY, answer: given }, around);
		const looked = given.is === 'done' || given.is === 'failed';
		done(
			{ is: given.is, chain: run, step: given.step, from, ...(looked && { looked }), ...(shown !== undefined && { shown }) },
			answered.is === 'recorded' ? 'ok' : 'fail',
		);
	}

	/** Says what the sink shows. Refused where nobody is asked. */
	const settle = (run: string, step: StepState): Promise<void> =>
		answer(
			run,
			happened(run, step)
				? { is: 'done', step: step.step, result: null, note: 'it is there' }
				: { is: 'failed', step: step.step, note: 'it is not there' },
		);

	async function respond(run: string, step: StepState): Promise<void> {
		if (step.hold?.for !== 'approval') return settle(run, step);
		const shown = await shownOf(await around.reader.read(run), step, around);
		if (!shown) return;
		const asked = shown.shown as { input?: { cents?: number } };
		const is = asked.input?.cents === REFUSED_CENTS ? 'refuse' : 'approve';
		await answer(run, { is, step: step.step, shown: shown.digest, note: 'as shown' }, shown.shown);
	}

	async function freezeOrThaw(is: 'freeze' | 'thaw', chain: string): Promise<void> {
		const event = { is, by: BY, reason: 'to look' };
		const from = lengths(state);
		const told = chain.startsWith('@') ? await freezeChain(chain, event, store) : await freezeRun(chain, event, around);
		done({ is, chain, from }, told.is === 'recorded' ? 'ok' : 'fail');
	}

	const thawAll = async (run: string, read: RunState): Promise<void> => {
		if (read.frozen) await freezeOrThaw('thaw', run);
		for (const chain of [agentChain(agent.name), everythingChain]) await freezeOrThaw('thaw', chain);
	};

	async function standsAfter(run: string, read: RunState): Promise<void> {
		for (const { step } of read.contradictions) {
			const known = read.steps[String(step)];
			if (known) await settle(run, known);
		}
	}

	return {
		acts,
		failures,
		around,
		open: (run: string, task: Json) => open({ run, task, by: BY }, { ...around, agent, code: '0'.repeat(64) }),
		freeze: (chain: string) => spawn('freeze', () => freezeOrThaw('freeze', chain)),
		thaw: (run: string) =>
			spawn('thaw', async () => {
				await thawAll(run, (await around.reader.read(run)).state);
				recover(run, 'answer');
			}),
		stop: (run: string) =>
			spawn('stop', async () => {
				const from = lengths(state);
				const told = await close({ run, by: BY, reason: 'no more of it' }, around);
				done({ is: 'stop', chain: run, from }, told.is === 'closed' ? 'ok' : 'fail');
			}),
		/** Answers whatever is asked now; `unasked`, also about what nobody asks about yet. */
		answer: (run: string, { unasked }: { unasked: boolean }) =>
			spawn('answer', async () => {
				const { state: read } = await around.reader.read(run);
				const asked = openSteps(read).filter((step) => unasked || isHeld(step));
				for (const step of asked) await (isHeld(step) ? respond(run, step) : settle(run, step));
				if (asked.length > 0) recover(run, 'answer');
			}),
		/** What a sweeper does with a run that could go on, and a person with one that waits for them. */
		sweep: (run: string) =>
			spawn('sweep', async () => {
				const { state: read } = await around.reader.read(run);
				const held = openSteps(read).filter(isHeld);
				const is = statusOf(read, openSteps(read), await readControl(store, agent.name));
				if (is === 'contradicted') await standsAfter(run, read);
				if (is === 'frozen') await thawAll(run, read);
				for (const step of held) await respond(run, step);
				const reason = is === 'stuck' ? 'person' : is === 'open' || is === 'settling' ? 'recovery' : 'answer';
				recover(run, reason);
			}),
	};
}

/** A call of so many is one that a person does not want. */
const REFUSED_CENTS = 3;
