/** A scripted person: approves what is asked, settles what is in doubt by looking outside, frees what is stuck. */
import type { Json } from '../../core/ids.ts';
import { type Answer, decide } from '../../functions/decide/decide.ts';
import { status } from '../../functions/status/status.ts';
import { openDesk } from '../../local/desk.ts';
import { allRuns } from '../../local/interrupted.ts';
import { effectsOf } from './outside.ts';
import type { Site } from './site.ts';

/** How often a person had to act. */
export type Answered = { approvals: number; settledDone: number; settledFailed: number; freed: number };
export const nothingAnswered = (): Answered => ({ approvals: 0, settledDone: 0, settledFailed: 0, freed: 0 });

const sum = ({ approvals, settledDone, settledFailed, freed }: Answered): number => approvals + settledDone + settledFailed + freed;
/** Each brings every run to its end or to a person; a ticket asks for few answers. */
const ROUNDS = 12;

/** Answers everything that is asked right now; nothing is taken up. Answers which runs are stuck. */
export async function answerAll({ directory, worldDirectory }: Site, answered: Answered): Promise<string[]> {
	const desk = openDesk(directory);
	const stuck: string[] = [];
	try {
		for await (const run of allRuns(desk.runs)) {
			const { waiting } = await status(run, { store: desk.store });
			for (const { step, for: what } of waiting) {
				if (what === 'resume') stuck.push(run);
				if (step === null || (what !== 'approval' && what !== 'doubt')) continue;
				const answer: Answer =
					what === 'approval' ? { is: 'approve', step, note: 'looked at the order, fine' } : settlement(run, step, worldDirectory);
				const { is } = await decide({ run, by: 'test:person', answer }, desk);
				if (is === 'recorded') count(answered, answer);
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

function count(answered: Answered, { is }: Answer): void {
	if (is === 'approve') answered.approvals += 1;
	if (is === 'done') answered.settledDone += 1;
	if (is === 'failed') answered.settledFailed += 1;
}

/** Works on, and answers, until nothing is interrupted and nothing waits. What is left then is the checker's to tell. */
export async function workToTheEnd(site: Site, answered: Answered): Promise<void> {
	await site.command(site.workOnAllTickets);
	for (let round = 0; round < ROUNDS; round += 1) {
		const before = sum(answered);
		const stuck = await answerAll(site, answered);
		answered.freed += stuck.length;
		if (stuck.length > 0) await site.command(['resume', ...stuck]);
		if (sum(answered) === before) return;
		await site.command(['resume']);
	}
}
