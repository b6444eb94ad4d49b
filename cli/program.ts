/** Reads the command line, runs one command, and tells how it went: on stdout the answer, on stderr everything else. */
import { Command, CommanderError } from 'commander';
import { approve } from './approve.ts';
import { audit } from './audit.ts';
import { exits } from './exit-codes.ts';
import { told } from './fault.ts';
import { freeze } from './freeze.ts';
import { list } from './list.ts';
import { refuse } from './refuse.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { settle } from './settle.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { answer, answerAtOnce, coloured, ignoreClosedPipes, keepStdout, printableJson, printableLines, say } from './terminal.ts';
import { thaw } from './thaw.ts';

/** What a command answers: one document, the same for people, and the exit code. */
export type Outcome = { readonly json: unknown; readonly lines: readonly string[]; readonly exit: number };
/** Adds a command to the program; its action hands over its outcome. */
export type Registering = (program: Command, done: (outcome: Outcome) => void) => void;

const commands: readonly Registering[] = [run, resume, status, list, approve, refuse, settle, stop, freeze, thaw, audit];

/** By which Node ends a program whose top level still awaits. */
const UNSETTLED = 13;
const EXIT_CODES = `
Exit codes: 0 ok, 1 failed, 2 usage, 3 denied, 4 needs a person, 6 not found.`;

/** Answers the exit code. Never throws. */
export async function main(words: readonly string[]): Promise<number> {
	ignoreClosedPipes();
	keepStdout();
	const asJson = words.includes('--json');
	const ended = endingUnanswered(asJson);
	try {
		let outcome: Outcome | undefined;
		const program = new Command('throughline')
			.description('Crash-safe agent workflows that keep their evidence.')
			.exitOverride()
			// What it has to say of a wrong command line comes with its error, below.
			.configureOutput({ outputError: () => {}, writeOut: (text) => void answer(text) })
			.addHelpText('after', EXIT_CODES);
		for (const register of commands)
			register(program, (done) => {
				outcome = done;
			});
		await program.parseAsync(words, { from: 'user' });
		if (outcome) await answer(asJson ? printableJson(outcome.json) : outcome.lines.join('\n'));
		return outcome?.exit ?? exits.ok;
	} catch (error) {
		return await failed(error, { asJson, debug: words.includes('--debug') || Boolean(process.env.THROUGHLINE_DEBUG) });
	} finally {
		ended();
	}
}

/** Agent code that is loaded here could end the process, or wait for what never comes: no success, and not without a word. */
function endingUnanswered(asJson: boolean): () => void {
	const message = 'the process ended before there was an answer: an agent file may neither exit nor wait for ever while it is loaded';
	const tell = (code: number): void => {
		if (code !== exits.ok && code !== UNSETTLED) return;
		process.exitCode = exits.failed;
		say(`${coloured(process.stderr, 'red', 'throughline:')} ${message}`);
		if (asJson) answerAtOnce(printableJson({ error: { name: 'AgentBroken', message } }));
	};
	process.once('exit', tell);
	return () => void process.off('exit', tell);
}

async function failed(error: unknown, { asJson, debug }: { asJson: boolean; debug: boolean }): Promise<number> {
	const { name, message, exit } = error instanceof CommanderError ? ofCommandLine(error) : told(error);
	if (message !== '') {
		say(`${coloured(process.stderr, 'red', 'throughline:')} ${printableLines(message)}`);
		if (debug && error instanceof Error && error.stack) say(printableLines(error.stack));
		if (asJson) await answer(printableJson({ error: { name, message } }));
	}
	return exit;
}

function ofCommandLine(error: CommanderError): { name: string; message: string; exit: number } {
	// Help that was asked for has been written, and is no failure.
	if (error.exitCode === 0) return { name: 'Usage', message: '', exit: exits.ok };
	const said = error.code === 'commander.help' ? 'name a command; throughline --help lists them' : error.message.replace(/^error: /, '');
	return { name: 'Usage', message: said, exit: exits.usage };
}
