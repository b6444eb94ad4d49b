/** `throughline settle`: a person says what became of a step in doubt, or what stands after a contradiction. */
import type { Command } from 'commander';
import type { Json } from '../core/ids.ts';
import type { Answer } from '../functions/decide/decide.ts';
import { type Answering, record } from './answering.ts';
import { usage } from './fault.ts';
import { parseJson } from './json-text.ts';
import { aNote, aRunId, aStep, driving } from './options.ts';
import type { Registering } from './program.ts';

type Options = Answering & { readonly done: boolean; readonly failed: boolean; readonly result?: string; readonly note: string };

export const settle: Registering = (program: Command, done) => {
	driving(program.command('settle'))
		.description('say what became of a step in doubt, then take its run up again')
		.argument('<run>', 'the run', aRunId)
		.argument('<step>', 'the step', aStep)
		.option('--done', 'its effect has happened', false)
		.option('--result <json>', 'with --done: what the tool would have answered')
		.option('--failed', 'its effect has not happened and will not', false)
		.option('--note <text>', 'how you know', aNote, '')
		.option('--no-resume', 'record it and leave the run as it is')
		.action(async (run: string, step: number, options: Options) => {
			const answer = answerOf(step, options);
			done(await record({ run, step }, options, async () => answer));
		});
};

/** @throws Fault */
function answerOf(step: number, { done, failed, result, note }: Options): Answer {
	if (done === failed) throw usage('say either --done or --failed');
	if (failed && result !== undefined) throw usage('--result goes with --done: a step that failed has none');
	if (failed) return { is: 'failed', step, note };
	const parsed = parseJson(result ?? 'null');
	if ('why' in parsed) throw usage(`--result ${JSON.stringify(result)}, ${parsed.why}; quote it for your shell`);
	return { is: 'done', step, result: parsed.value as Json, note };
}
