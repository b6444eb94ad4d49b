/** A scripted person: approves what is asked, settles what is in doubt by looking outside, frees what is stuck. */
import type { Json } from '../../../core/ids.ts';
import { type Answer, decide } from '../../../functions/decide/decide.ts';
import { status } from '../../../functions/status/status.ts';
import { openDesk } from '../../../local/desk.ts';
import { allRuns } from '../../../local/interrupted.ts';
import { effectsOf } from './outside.ts';
import type { Site } from './site.ts';

export const PERSON = 'test:person';
/** How often a person had to act, and where each answer that was taken is to stand. */
export type Answered = {
	approvals: number;
	settledDone: number;
	settledFailed: number;
	freed: number;
	/** Not taken: nothing asked for it any more. */
	refused: number;
	/** Nobody knows whether it was taken. */
	unknown: number;
	readonly taken: { run: string; place: number }[];
};
export const nothingAnswered = (): Answered => ({
	approvals: 0,
	settledDone: 0,
	settledFailed: 0,
	freed: 0,
	refused: 0,
	unknown: 0,
	taken: [],
});

const sum = ({ taken, freed }: Answered): number => taken.length + freed;
/** Each brings every run to its end or to a person; a ticket asks for few answers. */
const ROUNDS = 12;

/** Answers everything that is asked right now, of all runs or of some; nothing is taken up. Answers which runs are stuck. */
export async function answerAll({ directory, worldDirectory }: Site, answered: Answered, runs?: readonly string[]): Promise<string[]> {
	const desk = openDesk(directory);
	const stuck: string[] = [];
	try {
		for await (const run of runs ?? allRuns(desk.runs)) {
			const { waiting } = await status(run, { store: desk.store });
			for (const { step, for: what } of waiting) {
				if (what === 'resume') stuck.push(run);
				if (step === null || (what !== 'approval' && what !== 'doubt')) continue;
				const answer: Answer =
					what === 'approval' ? { is: 'approve', step, note: 'looked at the order, fine' } : settlement(run, step, worldDirectory);
				await give(run, answer, () => decide({ run, by: PERSON, answer }, desk), answered);
			}
		}
	} finally {
		desk.close();
	}
	return stuck;
}

function settlement(run: string, step: number, worldDirectory: string): Answer {
	const happened = effectsOf(worldDirectory).some((effect) => effect.run === run && effect.step === step);
	return happened
		? { is: 'done', step, result: null as Json, note: 'stands in their journal' }
		: { is: 'failed', step, note: 'does not stand in their journal' };
}

async function give(run: string, answer: Answer, asked: () => ReturnType<typeof decide>, answered: Answered): Promise<void> {
	try {
		const told = await asked();
		if (told.is === 'refused') {
			answered.refused += 1;
			return;
		}
		answered.taken.push({ run, place: told.place });
		if (answer.is === 'approve') answered.approvals += 1;
		if (answer.is === 'done') answered.settledDone += 1;
		if (answer.is === 'failed') answered.settledFailed += 1;
	} catch {
		answered.unknown += 1;
	}
}

type Ended = { code: number | null; stdout: string };

/** Works on, and answers, until nothing is interrupted and nothing waits. What is left then is the checker's to tell. */
export async function workToTheEnd(site: Site, answered: Answered, told: (ended: Ended) => unknown = () => {}): Promise<void> {
	told(await site.command(site.workOnAllTickets));
	for (let round = 0; round < ROUNDS; round += 1) {
		const before = sum(answered);
		const stuck = await answerAll(site, answered);
		answered.freed += stuck.length;
		if (stuck.length > 0) told(await site.command(['resume', ...stuck]));
		if (sum(answered) === before) return;
		told(await site.command(['resume']));
	}
}
