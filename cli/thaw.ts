/** `throughline thaw`: ends a freeze. A thawed run is taken up again. */
import type { Command } from 'commander';
import { type Answering, takenUp } from './answering.ts';
import { exitOf, exits } from './exit-codes.ts';
import { carryOut, scopeJson, scopeOf, scopeWords } from './freezing.ts';
import { aNote, aRunId, commandLine, driving } from './options.ts';
import { openPlace } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { runLines } from './run-report.ts';
import { say } from './terminal.ts';

type Options = Answering & { readonly agent?: string; readonly all: boolean; readonly reason: string };

export const thaw: Registering = (program: Command, done) => {
	driving(program.command('thaw'))
		.description('end a freeze; a run is then taken up again')
		.argument('[run]', 'the run', aRunId)
		.option('--agent <name>', 'what was frozen with --agent')
		.option('--all', 'what was frozen with --all', false)
		.requiredOption('--reason <text>', 'why', aNote)
		.option('--no-resume', 'thaw the run and leave it as it is')
		.action(async (run: string | undefined, options: Options) => done(await act(run, options)));
};

async function act(run: string | undefined, options: Options): Promise<Outcome> {
	const scope = scopeOf(run, options);
	const place = await openPlace(options);
	const answer = await carryOut(scope, { is: 'thaw', reason: options.reason }, place).finally(() => place.desk.close());
	const already = answer.is === 'already';
	const words = `${scopeWords(scope)} ${already ? 'was not frozen' : 'is thawed'}`;
	const json = { ...scopeJson(scope), frozen: false, already };
	if (scope.is !== 'run' || already || !options.resume) {
		const next = already ? '' : `; take up what waited for it with: ${commandLine('resume', options)}`;
		return { json: { ...json, after: null }, lines: [`${words}${next}`], exit: exits.ok };
	}
	say(`${words}; taking it up again`);
	const after = await takenUp(scope.run, options);
	return { json: { ...json, after }, lines: runLines(after, options), exit: exitOf(after) };
}
