/** `throughline refuse`: a person's no. The step is denied, and the planner is told. */
import type { Command } from 'commander';
import { type Answering, record } from './answering.ts';
import { aDigest, aNote, aRunId, aStep, driving } from './options.ts';
import type { Registering } from './program.ts';

type Options = Answering & { readonly shown?: string; readonly note: string };

export const refuse: Registering = (program: Command, done) => {
	driving(program.command('refuse'))
		.description('refuse what a step asks for, then take its run up again')
		.argument('<run>', 'the run', aRunId)
		.argument('<step>', 'the step', aStep)
		.option('--shown <digest>', 'refuse only what has this digest, as status shows it', aDigest)
		.option('--note <text>', 'what to record with it', aNote, '')
		.option('--no-resume', 'record it and leave the run as it is')
		.action(async (run: string, step: number, options: Options) =>
			done(await record({ run, step }, options, async () => ({ is: 'refuse', step, shown: options.shown, note: options.note }))),
		);
};
