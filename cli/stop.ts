/** `throughline stop`: nothing more is planned or granted; what may have happened is still settled. */
import type { Command } from 'commander';
import { close } from '../functions/close/close.ts';
import { openDesk } from '../local/desk.ts';
import { exits } from './exit-codes.ts';
import { aNote, aRunId, type Common, commandLine, common } from './options.ts';
import { person } from './person.ts';
import type { Outcome, Registering } from './program.ts';

type Options = Common & { readonly reason: string };

export const stop: Registering = (program: Command, done) => {
	common(program.command('stop'))
		.description('stop a run for good')
		.argument('<run>', 'the run', aRunId)
		.option('--reason <text>', 'why', aNote, '')
		.action(async (run: string, options: Options) => done(await act(run, options)));
};

async function act(run: string, options: Options): Promise<Outcome> {
	const desk = openDesk(options.dir);
	try {
		const answer = await close({ run, by: person(), reason: options.reason }, desk);
		if (answer.is === 'closed-before')
			return {
				json: { run, stopped: false, how: answer.how, stillOpen: [] },
				lines: [`run ${run} was over before: ${answer.how}`],
				exit: exits.ok,
			};
		const { stillOpen } = answer;
		const rest =
			stillOpen.length === 0
				? ''
				: `; ${stillOpen.map((step) => `step ${step}`).join(', ')} may have had an effect and has to be settled: ${commandLine(`resume ${run}`, options)}`;
		return { json: { run, stopped: true, how: 'stopped', stillOpen }, lines: [`run ${run} is stopped${rest}`], exit: exits.ok };
	} finally {
		desk.close();
	}
}
