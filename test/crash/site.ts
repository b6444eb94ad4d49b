/** One refund desk with a world outside, in a directory of its own that is gone afterwards. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type WorldOptions } from '../../agents/refund-desk/world/start.ts';
import { type Started, start } from '../../local/demo/command.ts';
import { signalOne, signalTree, startedFor } from './processes.ts';
import { ticketRuns, ticketsOf } from './tickets.ts';

export type Site = {
	readonly directory: string;
	readonly worldDirectory: string;
	/** Lines that any command has said to people so far. */
	readonly said: readonly string[];
	/** The runs that its tickets are to become. */
	readonly runs: readonly string[];
	/** Opens all tickets and works on them; those that were opened before answer as they stand. */
	readonly workOnAllTickets: readonly string[];
	/** Starts a command in a process of its own. */
	begin(words: readonly string[]): Started;
	/** Runs a command to its end. */
	command(words: readonly string[]): Promise<{ code: number | null; stdout: string }>;
	/** Writes down what a command is given to work on; answers the file. */
	given(task: unknown): string;
	/** Whether a host ever got so far as to make the state directory. */
	exists(): boolean;
};

/** Long enough that a kill meets effects that were made and not told, and well inside every tool's time. */
const ANSWER_DELAY_MS = 300;

export type SiteOptions = Omit<Partial<WorldOptions>, 'directory'> & { readonly runs?: readonly string[] };

/** Ends whatever `work` has left behind, however it ends. `runs` are all tickets by default. */
export async function atSite<T>(work: (site: Site) => Promise<T>, { runs = ticketRuns, ...world }: SiteOptions = {}): Promise<T> {
	const root = mkdtempSync(join(tmpdir(), 'throughline-crash-'));
	const directory = join(root, 'state');
	const worldDirectory = join(root, 'world');
	const outside = await startWorld({
		answerDelayMs: ANSWER_DELAY_MS,
		...world,
		directory: worldDirectory,
		issuerPublicKey: join(directory, 'issuer.pub'),
	});
	const begun: Started[] = [];
	const said: string[] = [];
	const begin: Site['begin'] = (words) => {
		const started = start(words, { directory, settings: outside.settings, onLine: (line) => said.push(line) });
		begun.push(started);
		return started;
	};
	let files = 0;
	const given = (task: unknown): string => {
		files += 1;
		const file = join(root, `given-${files}.json`);
		writeFileSync(file, JSON.stringify(task));
		return file;
	};
	try {
		return await work({
			directory,
			worldDirectory,
			said,
			begin,
			command: (words) => begin(words).ended,
			given,
			runs,
			workOnAllTickets: ['run', 'refund-desk', '--input', given(ticketsOf(runs)), '--each'],
			exists: () => existsSync(join(directory, 'throughline.json')),
		});
	} finally {
		for (const { child } of begun) if (child.exitCode === null && child.signalCode === null) signalTree(child.pid, 'SIGKILL');
		await Promise.all(begun.map(({ ended }) => ended));
		for (const pid of startedFor(directory)) signalOne(pid, 'SIGKILL');
		await outside.stop();
		rmSync(root, { recursive: true, force: true, maxRetries: 5 });
	}
}
