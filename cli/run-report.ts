/** What became of a run, for the commands that drive runs. */
import { join } from 'node:path';
import type { Json } from '../core/ids.ts';
import { entryAt, openContent, type Reader, type Store } from '../core/ledger/read.ts';
import { type StatusAnswer, status } from '../functions/status/status.ts';
import { commandLine, type Where } from './options.ts';
import { coloured, printable } from './terminal.ts';

/** `answer` is what the planner finished with, `reason` why the run was closed, where either was recorded and can be read. */
export type RunReport = Omit<StatusAnswer, 'allowed'> & { readonly answer: Json; readonly reason: string | null };

/** @throws RunNotFound, LedgerBroken */
export async function reportOf(run: string, { store, reader }: { store: Store; reader: Reader }): Promise<RunReport> {
	const { allowed: _allowed, ...rest } = await status(run, { store });
	return { ...rest, ...(await closingOf(run, { store, reader })) };
}

async function closingOf(run: string, { store, reader }: { store: Store; reader: Reader }): Promise<Pick<RunReport, 'answer' | 'reason'>> {
	const view = await reader.read(run);
	if (!view.state.closed) return { answer: null, reason: null };
	const entry = await entryAt(store, view, view.state.closed.place);
	const content = entry.kind === 'closed' ? await openContent(store, entry, view.key) : undefined;
	return { answer: (content?.answer ?? null) as Json, reason: content?.reason ?? null };
}

const words: Readonly<Record<StatusAnswer['status'], string>> = {
	open: 'open',
	waiting: 'waits for a person',
	idle: 'waits for its agent',
	frozen: 'frozen',
	stuck: 'stuck: resumed too often without progress',
	contradicted: 'held: its records contradict each other',
	settling: 'stopped, with steps still to be settled',
	finished: 'finished',
	stopped: 'stopped',
	exhausted: 'exhausted',
};

/** In colour, if `stream` has any. */
export function statusWords(status: StatusAnswer['status'], stream: NodeJS.WriteStream): string {
	const style = status === 'finished' || status === 'idle' ? 'green' : status === 'stuck' || status === 'exhausted' ? 'red' : 'yellow';
	return coloured(stream, style, words[status]);
}

/** One run in a few lines, with the command that answers what it asks. */
export function runLines(report: RunReport, common: Where): string[] {
	const { run, done, doing } = report;
	const denied = done.filter((step) => step.outcome === 'denied');
	const counts = `${done.length} ${done.length === 1 ? 'step' : 'steps'} done${doing.length > 0 ? `, ${doing.length} open` : ''}`;
	return [
		`${run}  ${statusWords(report.status, process.stdout)}  (${counts})`,
		...denied.map((step) => `  step ${step.step} ${printable(step.tool)} was denied`),
		...askedLines(report, common),
		...(report.status === 'exhausted' && report.reason !== null ? [`  ${printable(shortened(report.reason))}`] : []),
		...(report.answer === null ? [] : [`  answer ${printable(shortened(JSON.stringify(report.answer)))}`]),
	];
}

const ANSWER_CHARACTERS = 400;
const shortened = (text: string): string => (text.length > ANSWER_CHARACTERS ? `${text.slice(0, ANSWER_CHARACTERS)}…` : text);

/** What a run waits for, and how to answer. */
export function askedLines({ run, waiting, doing }: Pick<RunReport, 'run' | 'waiting' | 'doing'>, common: Where): string[] {
	return waiting.map(({ step, for: what }) => {
		const tool = doing.find((other) => other.step === step)?.tool;
		const about = step === null ? '' : `step ${step}${tool ? ` ${printable(tool)}` : ''} `;
		const besides = what === 'resume' ? `  (what functions printed is in ${logsOf(common)})` : (elsewise[what] ?? '');
		return `  ${about}${asks[what] ?? what}: ${commandLine(answerCommand(run, { step, what }), common)}${besides}`;
	});
}

const asks: Readonly<Record<string, string>> = {
	approval: 'asks for an approval',
	doubt: 'is in doubt; find out whether it happened, then say so',
	contradiction: 'is recorded with two outcomes; say what stands',
	thaw: 'frozen',
	resume: 'resume it when the cause is gone',
};

const elsewise: Readonly<Record<string, string>> = {
	approval: '  (or refuse)',
	doubt: '  (or --failed)',
	contradiction: '  (or --failed)',
	thaw: '  (or --agent NAME, or --all: whatever was frozen)',
};

const logsOf = ({ dir, outputs }: Where): string => (outputs === undefined ? join(dir, 'logs') : 'CloudWatch');

/** The command that answers. */
export function answerCommand(run: string, { step, what }: { step: number | null; what: string }): string {
	switch (what) {
		case 'approval':
			return `approve ${run} ${step}`;
		case 'doubt':
		case 'contradiction':
			return `settle ${run} ${step} --done`;
		case 'thaw':
			return `thaw ${run} --reason TEXT`;
		default:
			return `resume ${run}`;
	}
}
