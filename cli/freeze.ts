/** `throughline freeze`: grants nothing more, until it is thawed. */
import type { Command } from 'commander';
import { exits } from './exit-codes.ts';
import { carryOut, scopeJson, scopeOf, scopeWords } from './freezing.ts';
import { aNote, aRunId, type Common, common } from './options.ts';
import { openPlace } from './place.ts';
import type { Outcome, Registering } from './program.ts';

type Options = Common & { readonly agent?: string; readonly all: boolean; readonly reason: string };

export const freeze: Registering = (program: Command, done) => {
	common(program.command('freeze'))
		.description('grant a run, an agent or everything nothing more, until it is thawed')
		.argument('[run]', 'the run', aRunId)
		.option('--agent <name>', 'all runs of this agent')
		.option('--all', 'all runs of all agents', false)
		.requiredOption('--reason <text>', 'why', aNote)
		.action(async (run: string | undefined, options: Options) => done(await act(run, options)));
};

async function act(run: string | undefined, options: Options): Promise<Outcome> {
	const scope = scopeOf(run, options);
	const place = await openPlace(options);
	try {
		const answer = await carryOut(scope, { is: 'freeze', reason: options.reason }, place);
		const words =
			answer.is === 'already' ? 'was frozen before' : 'is frozen: nothing more is granted; what was granted before may still end';
		return {
			json: { ...scopeJson(scope), frozen: true, already: answer.is === 'already' },
			lines: [`${scopeWords(scope)} ${words}`],
			exit: exits.ok,
		};
	} finally {
		place.desk.close();
	}
}
