/** `throughline list`: the runs of a directory. */
import { type Command, Option } from 'commander';
import { LedgerBroken } from '../core/ledger/read.ts';
import type { Desk, Standing } from '../local/desk.ts';
import { allRuns } from '../local/interrupted.ts';
import { exits } from './exit-codes.ts';
import { told } from './fault.ts';
import { type Common, common } from './options.ts';
import { openPlace } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { statusWords } from './run-report.ts';
import { printable, say } from './terminal.ts';

const statuses = ['open', 'waiting', 'idle', 'frozen', 'stuck', 'contradicted', 'settling', 'finished', 'stopped', 'exhausted'] as const;

type Options = Common & { readonly status?: string };

export const list: Registering = (program: Command, done) => {
	common(program.command('list'))
		.description('the runs of a directory, or of a deployment')
		.addOption(new Option('--status <status>', 'only those').choices(statuses))
		.action(async (options: Options) => done(await act(options)));
};

async function act(options: Options): Promise<Outcome> {
	const { desk } = await openPlace(options);
	try {
		const { standings, damaged } = await readAll(desk);
		const runs = standings.filter(({ status }) => options.status === undefined || status === options.status);
		const width = Math.max(0, ...runs.map(({ run }) => run.length));
		const lines = runs.map(
			({ run, agent, status, epoch, done, open }) =>
				`${run.padEnd(width)}  ${agent}  ${statusWords(status, process.stdout)}  ${done} done, ${open} open${epoch > 0 ? `, taken up ${epoch}×` : ''}`,
		);
		return { json: { runs, damaged }, lines: lines.length > 0 ? lines : ['no runs'], exit: damaged.length > 0 ? exits.failed : exits.ok };
	} finally {
		desk.close();
	}
}

/** A damaged run hides no other. */
async function readAll(desk: Desk): Promise<{ standings: Standing[]; damaged: string[] }> {
	const standings: Standing[] = [];
	const damaged: string[] = [];
	for await (const run of allRuns(desk.runs)) {
		try {
			standings.push(await desk.standingOf(run));
		} catch (error) {
			if (!(error instanceof LedgerBroken)) throw error;
			say(printable(told(error).message));
			damaged.push(run);
		}
	}
	return { standings, damaged };
}
