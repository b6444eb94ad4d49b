/** `throughline approve`: shows what a step asks, and approves it. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type Answering, record } from './answering.ts';
import { type Asked, askedOf, askedPage } from './asked.ts';
import { exits } from './exit-codes.ts';
import { Fault } from './fault.ts';
import { aDigest, aNote, aRunId, aStep, driving } from './options.ts';
import type { Registering } from './program.ts';
import { say } from './terminal.ts';

type Options = Answering & { readonly shown?: string; readonly note: string; readonly yes: boolean };

export const approve: Registering = (program: Command, done) => {
	driving(program.command('approve'))
		.description('approve what a step asks for, then take its run up again')
		.argument('<run>', 'the run', aRunId)
		.argument('<step>', 'the step', aStep)
		.option('--shown <digest>', 'approve only what has this digest, as status shows it', aDigest)
		.option('--note <text>', 'what to record with it', aNote, '')
		.option('--yes', 'do not ask on a terminal', false)
		.option('--no-resume', 'record it and leave the run as it is')
		.action(async (run: string, step: number, options: Options) =>
			done(
				await record({ run, step }, options, async (desk) => {
					const asked = await askedOf(desk, { run, step });
					if (asked?.for === 'approval') await confirm(asked, { run, options });
					// Approved is what was shown here, even if the step asks for something else by now.
					return { is: 'approve', step, shown: options.shown ?? asked?.digest, note: options.note };
				}),
			),
		);
};

async function confirm(asked: Asked, { run, options }: { run: string; options: Options }): Promise<void> {
	if (asked.shown === null)
		throw new Fault(
			'RunKeyLost',
			`${askedPage(asked)[0]}. Nothing was recorded: nobody approves what can't be read. Put the run keys back from a backup, or refuse it`,
			exits.failed,
		);
	say(`step ${asked.step} of run ${run} asks for an approval of this call:`);
	for (const line of askedPage(asked)) say(`  ${line}`);
	if (options.yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
	if (/^y(es)?$/i.test((await answerTo('Approve it? [y/N] ')).trim())) return;
	throw new Fault('NotApproved', `nothing was recorded; step ${asked.step} of run ${run} still asks`, exits.needsPerson);
}

/** Nothing, when they leave by Ctrl-C or Ctrl-D. */
function answerTo(question: string): Promise<string> {
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	return new Promise((resolve) => {
		terminal.once('close', () => resolve(''));
		terminal.question(question, (said) => {
			resolve(said);
			terminal.close();
		});
	});
}
