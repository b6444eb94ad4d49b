/** `throughline settle`: a person says what became of a step in doubt, or what stands after a contradiction. */
import type { Command } from 'commander';
import type { Json } from '../core/ids.ts';
import { readStep } from '../core/ledger/read.ts';
import type { Answer } from '../functions/decide/decide.ts';
import type { Desk } from '../local/desk.ts';
import { loadAgent } from '../local/load-agent.ts';
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
			done(await record({ run, step }, options, async (desk) => fitting(answer, desk, run)));
		});
};

/**
 * A result that is given has to be one that the tool could have answered: whoever plans next reads it as that. Without the agent's
 * code, as for a deployment, it is taken as it is.
 *
 * @throws Fault
 */
async function fitting(answer: Answer, desk: Desk, run: string): Promise<Answer> {
	if (answer.is !== 'done' || answer.result === null) return answer;
	const { state } = await desk.reader.read(run);
	const found = await readStep(desk.store, run, { step: answer.step, hint: 0 });
	const folder = desk.agentFolder(state.agent);
	const loaded = folder === undefined ? undefined : await loadAgent(folder).catch(() => undefined);
	const tool = loaded?.agent.tools.get(found?.state.tool ?? '');
	const misfit = tool?.output.safeParse(answer.result).error?.issues[0];
	if (!misfit) return answer;
	throw usage(`--result is none that ${tool?.name} answers with: ${misfit.path.join('.') || 'it'}: ${misfit.message}`);
}

/** @throws Fault */
function answerOf(step: number, { done, failed, result, note }: Options): Answer {
	if (done === failed) throw usage('say either --done or --failed');
	if (failed && result !== undefined) throw usage('--result goes with --done: a step that failed has none');
	if (failed) return { is: 'failed', step, note };
	const parsed = parseJson(result ?? 'null');
	if ('why' in parsed) throw usage(`--result ${JSON.stringify(result)}, ${parsed.why}; quote it for your shell`);
	return { is: 'done', step, result: parsed.value as Json, note };
}
