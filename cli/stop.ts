/** `throughline stop`: nothing more is planned or granted; what may have happened is still settled. */
import type { Command } from 'commander';
import { exits } from './exit-codes.ts';
import { aNote, aRunId, type Common, commandLine, common } from './options.ts';
import { openPlace } from './place.ts';
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
	const place = await openPlace(options);
	try {
		const answer = await place.close(run, options.reason);
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
		place.desk.close();
	}
}
