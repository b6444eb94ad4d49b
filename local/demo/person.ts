/** A scripted person: approves what is asked, and settles what is in doubt by looking where the software cannot. */
import { status } from '../../functions/status/status.ts';
import { openDesk, type Standing } from '../desk.ts';
import { allRuns } from '../interrupted.ts';
import { type CommandOptions, command } from './command.ts';
import { effectsOf } from './outside.ts';

export type Answered = { run: string; step: number; asked: string; answer: string; why: string };

export async function standings(directory: string): Promise<Standing[]> {
	const desk = openDesk(directory);
	const found: Standing[] = [];
	for await (const run of allRuns(desk.runs)) found.push(await desk.standingOf(run));
	desk.close();
	return found;
}

/** Answers everything that waits; what was answered, in order. */
export async function answerAll(options: CommandOptions & { worldDirectory: string }): Promise<Answered[]> {
	const questions = await asked(options.directory);
	const answers = await Promise.all(
		questions.map(async ({ run, step, asked: what }) => {
			const { words, answer, why } = what === 'approval' ? approval(run, step) : settlement(run, step, options.worldDirectory);
			const { code } = await command([...words, '--no-resume'], options);
			return code === 0 ? [{ run, step, asked: what, answer, why }] : [];
		}),
	);
	return answers.flat();
}

async function asked(directory: string): Promise<{ run: string; step: number; asked: string }[]> {
	const desk = openDesk(directory);
	const questions: { run: string; step: number; asked: string }[] = [];
	for await (const run of allRuns(desk.runs)) {
		const { waiting } = await status(run, { store: desk.store });
		for (const { step, for: what } of waiting) if (step !== null) questions.push({ run, step, asked: what });
	}
	desk.close();
	return questions;
}

const approval = (run: string, step: number) => ({
	words: ['approve', run, String(step), '--note', 'looked at the order, fine'],
	answer: 'approved',
	why: 'read what it wants to do',
});

/** The mail service can't be asked by key; a person can look into its out-box. */
function settlement(run: string, step: number, worldDirectory: string) {
	const happened = effectsOf(worldDirectory).some((effect) => effect.run === run && effect.step === step);
	return {
		words: ['settle', run, String(step), happened ? '--done' : '--failed', '--note', 'looked into the out-box'],
		answer: happened ? 'it was sent' : 'it was not sent',
		why: 'looked into the out-box',
	};
}
