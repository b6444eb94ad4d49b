/**
 * A small world for one scenario: an installation, its sinks, the people around it, and a sweeper that sees runs through.
 * Everything that is done to it is kept for the checker. The scenario may be played on sources that were tampered with,
 * so nothing here may rely on them: what throws is told, and every loop is bounded.
 */

import { toolFunction } from '../../../core/ids.ts';
import { isHeld, openSteps, type StepState } from '../../../core/ledger/state.ts';
import { close } from '../../../functions/close/close.ts';
import { type Answer, decide, shownOf } from '../../../functions/decide/decide.ts';
import { freezeChain, freezeRun } from '../../../functions/freeze/freeze.ts';
import type { StepStatus } from '../../../functions/guard/protocol.ts';
import { statusOf } from '../../../functions/status/status.ts';
import { readControl } from '../../../functions/surroundings.ts';
import type { AgentSpec, Json } from '../../../index.ts';
import { askedBy, clerk, type Otherwise, sinks } from '../../doubles/clerk.ts';
import { BY, type Installation, type InstallationOptions, install, RUN } from '../../doubles/driver.ts';
import { lengths } from '../../doubles/lengths.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';
import type { Act, RunSeen, Seen, Told, Wanted } from '../checker/seen.ts';
import { seenOf, witness } from '../checker/seen-of.ts';

export type StageOptions = Partial<Omit<InstallationOptions, 'agent'>> & {
	readonly agent?: Partial<AgentSpec> & { otherwise?: Otherwise };
	/** What is known of the calls of a task beyond what it says. */
	readonly wanted?: (wanted: Wanted) => Wanted;
	readonly sealed?: readonly string[];
};
export type Stage = ReturnType<typeof stage>;

const SWEEPS = 12;

export function stage({ agent, wanted = sure, sealed = [], ...options }: StageOptions = {}) {
	const outside: Outside = outsideWorld();
	outside.honoursKeys.add('pay').add('trace');
	const desk: Installation = install({ agent: clerk(outside, agent), ...options });
	witness(outside, desk.state);
	const runs: RunSeen[] = [];
	const acts: Act[] = [];

	const act = async <T>(
		about: Omit<Act, 'told' | 'from' | 'stood'>,
		doing: () => Promise<T>,
		toldBy: (answer: T) => Told,
	): Promise<void> => {
		const from = lengths(desk.state);
		const told = await doing().then(toldBy, (): Told => 'unknown');
		acts.push({ ...about, told, from, stood: lengths(desk.state) });
	};

	const people = {
		/** What became of a step, or whether it may be done. `looked: false` for who guesses. */
		answer: async (answer: Answer, { run = RUN, looked = true } = {}): Promise<void> => {
			const step = await heldStep(desk, run, answer.step);
			const shown = step && (await shownOf(step.view, step.state, desk.operator).catch(() => undefined));
			const about = { is: answer.is, chain: run, step: answer.step, looked, ...(shown && { shown: shown.shown }) };
			await act(
				about,
				() => decide({ run, by: BY, answer }, desk.operator),
				({ is }) => (is === 'recorded' ? 'ok' : 'fail'),
			);
		},
		/** What they see at the sink, at this moment. */
		settle: (step: number, run = RUN): Promise<void> => {
			const happened = outside.effects.some((effect) => effect.run === run && effect.step === step);
			const answer = happened ? ({ is: 'done', result: null } as const) : ({ is: 'failed' } as const);
			return people.answer({ ...answer, step, note: 'looked' }, { run });
		},
		freeze: (chain: string) =>
			act(
				{ is: 'freeze', chain },
				() => freezing('freeze', chain, desk),
				() => 'ok',
			),
		thaw: (chain: string) =>
			act(
				{ is: 'thaw', chain },
				() => freezing('thaw', chain, desk),
				() => 'ok',
			),
		stop: (run = RUN) =>
			act(
				{ is: 'stop', chain: run },
				() => close({ run, by: BY, reason: 'enough' }, desk.operator),
				() => 'ok',
			),
	};

	/** Answers what is asked, and takes up what could go on. */
	const goOn = async (run: string): Promise<'over' | 'more'> => {
		const { state } = await desk.operator.reader.read(run);
		const open = openSteps(state);
		if (state.closed && open.length === 0) return 'over';
		const is = statusOf(state, open, await readControl(desk.operator.store, state.agent));
		if (is === 'frozen' || is === 'contradicted' || is === 'idle') return 'over';
		if (is === 'waiting')
			for (const step of open.filter(isHeld)) {
				if (step.hold?.for === 'approval') await people.answer({ is: 'approve', step: step.step, note: 'yes' }, { run });
				else await people.settle(step.step, run);
			}
		await desk.recover(run, is === 'waiting' ? 'answer' : 'recovery');
		return 'more';
	};

	return {
		desk,
		outside,
		people,
		/** Opens a run and waits until nothing of it is under way. */
		run: async (task: Json, run = RUN): Promise<void> => {
			const before = runs.push({ run, task, told: 'unknown', wanted: askedBy(task).map((call) => wanted(call)) });
			const told = await desk.run(task, run).then(
				({ is }): Told => (is === 'opened' ? 'ok' : 'fail'),
				(): Told => 'unknown',
			);
			const opened = runs[before - 1];
			if (opened) runs[before - 1] = { ...opened, told };
		},
		/** Sweeps until there is nothing left to do, and answers what was seen of it all. */
		over: async (): Promise<Seen> => {
			let rested = true;
			for (const { run } of runs) {
				let left: 'over' | 'more' = 'more';
				for (let sweep = 0; sweep < SWEEPS && left === 'more'; sweep += 1) left = await goOn(run).catch(() => 'more' as const);
				rested &&= left === 'over';
			}
			return seenOf(desk, outside, { runs, sinks, acts, sealed, rested });
		},
		/**
		 * Another invocation of a step's tool, as a machine that tries again would make it. It goes on as long as nobody tells
		 * it to wait: whatever takes a wait is over before anything that was under way can act.
		 */
		another: async (tool: string, { step = 1, epoch = 0, waitedFor = [] as number[] } = {}): Promise<void> => {
			const name = toolFunction(desk.agent.name, tool);
			const ids = { run: RUN, epoch, step, tool, hint: 0 };
			let is: StepStatus =
				waitedFor.length > 0 ? { status: 'in-doubt', attempts: waitedFor, waitSeconds: 0 } : { status: 'again', waitSeconds: 0 };
			for (let time = 0; time < SWEEPS; time += 1) {
				const event = is.status === 'in-doubt' ? { state: 'Settle', ...ids, attempts: is.attempts } : { state: 'Act', ...ids };
				try {
					is = (await desk.invoke(name, event)) as StepStatus;
				} catch {
					return;
				}
				if (!('waitSeconds' in is) || is.waitSeconds > 1) return;
			}
		},
		/** Somebody takes the run up, and the execution before goes on as if nothing were. */
		takeUp: (): Promise<unknown> => desk.invoke('resume', { run: RUN, reason: 'recovery' }),
	};
}

/** Somebody freezes when the decision that `holds` this is made, and before it is written: once. */
export function freezingBefore(holds: string, guard: string, freeze: () => Promise<void>): NonNullable<StageOptions['store']> {
	let frozen = false;
	return (store, name) => ({
		...store,
		ledger: {
			generation: store.ledger.generation,
			read: store.ledger.read,
			latest: store.ledger.latest,
			append: async (entry, together) => {
				const now = name === guard && entry.body.includes(holds) && !frozen;
				frozen ||= now;
				if (now) await freeze();
				return store.ledger.append(entry, together);
			},
		},
	});
}

export const sure = (wanted: Wanted): Wanted => ({ ...wanted, sure: true });
export const unsure = (wanted: Wanted): Wanted => wanted;

async function heldStep(desk: Installation, run: string, number: number) {
	try {
		const view = await desk.operator.reader.read(run);
		const state: StepState | undefined = view.state.steps[String(number)];
		return state && { view, state };
	} catch {
		return undefined;
	}
}

const freezing = (is: 'freeze' | 'thaw', chain: string, { operator }: Installation) => {
	const event = { is, by: BY, reason: 'enough' };
	return chain.startsWith('@') ? freezeChain(chain, event, operator.store) : freezeRun(chain, event, operator);
};
