/** `throughline status`: what the run was doing, what it may still do, and what is done. Reads, and starts nothing. */
import type { Command } from 'commander';
import { type StatusAnswer, status as statusOfRun } from '../functions/status/status.ts';
import type { Desk } from '../local/desk.ts';
import { askedOf, askedPage } from './asked.ts';
import { exits } from './exit-codes.ts';
import { told } from './fault.ts';
import { aRunId, type Common, common } from './options.ts';
import { openPlace } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { askedLines, statusWords } from './run-report.ts';
import { coloured, printable, say } from './terminal.ts';

export const status: Registering = (program: Command, done) => {
	common(program.command('status'))
		.description('what a run was doing, what it may still do, and what was completed')
		.argument('<run>', 'the run', aRunId)
		.action(async (run: string, options: Common) => done(await act(run, options)));
};

async function act(run: string, options: Common): Promise<Outcome> {
	const { desk } = await openPlace(options);
	try {
		const { state } = await desk.reader.read(run);
		const judge = await desk.judgeOf(state.agent).catch((error: unknown) => {
			say(`what ${state.agent} may still do can't be told without its code: ${printable(told(error).message)}`);
			return undefined;
		});
		const answer = await statusOfRun(run, { store: desk.store, judge });
		return { json: answer, lines: options.json ? [] : await page(answer, { desk, options }), exit: exits.ok };
	} finally {
		desk.close();
	}
}

async function page(answer: StatusAnswer, { desk, options }: { desk: Desk; options: Common }): Promise<string[]> {
	const { run, agent, epoch, doing, allowed, done, waiting } = answer;
	const asked = await Promise.all(
		waiting.map(async ({ step }, index) => {
			const about = step === null ? undefined : await askedOf(desk, { run, step });
			const command = askedLines({ run, waiting: waiting.slice(index, index + 1), doing }, options);
			return [...command, ...(about ? askedPage(about).map((line) => `    ${line}`) : [])];
		}),
	);
	return [
		`${run} · ${agent} · ${statusWords(answer.status, process.stdout)}${epoch > 0 ? ` · taken up ${epoch} ${epoch === 1 ? 'time' : 'times'}` : ''}`,
		...section(
			'doing',
			doing.map(
				({ step, tool, effect, inDoubt, since }) =>
					`step ${step}  ${printable(tool)}${effect ? ` (${effect})` : ''}  since ${since}${inDoubt ? '  attempt open' : ''}`,
			),
		),
		...section(
			'allowed',
			allowed.map(({ tool, verdict, why }) => `${printable(tool).padEnd(widest(allowed))}  ${verdict.padEnd(7)}  ${printable(why)}`),
		),
		...section(
			'done',
			done.map(
				({ step, tool, outcome, by, at }) => `step ${step}  ${printable(tool).padEnd(widest(done))}  ${outcome.padEnd(6)}  by ${by}  ${at}`,
			),
		),
		...(asked.length > 0 ? ['', title('waiting'), ...asked.flat()] : []),
	];
}

const widest = (rows: readonly { tool: string }[]): number => Math.max(...rows.map((row) => row.tool.length));
const title = (text: string): string => coloured(process.stdout, 'bold', text);
const section = (name: string, rows: readonly string[]): string[] => [
	'',
	title(name),
	...(rows.length > 0 ? rows : ['nothing']).map((row) => `  ${row}`),
];
