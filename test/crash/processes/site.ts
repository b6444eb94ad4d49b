/** One refund desk with a world outside, in a directory of its own that is gone afterwards. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, start } from '../../../local/demo/command.ts';
import { type Services, type ServiceWords, startServices } from './services.ts';
import { signalOne, signalTree, startedFor } from './signals.ts';
import { type Shop, ticketRuns, ticketsOf } from './tickets.ts';

export type Site = {
	readonly directory: string;
	readonly worldDirectory: string;
	readonly services: Services;
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
const KEY_LIFE_MS = 24 * 3_600_000;
const VISIBLE_AFTER_MS = 400;
const seedFile = fileURLToPath(new URL('../../../agents/refund-desk/world/seed.json', import.meta.url));

export type SiteOptions = Partial<Pick<ServiceWords, 'keyLifeMs' | 'visibleAfterMs' | 'answerDelayMs'>> & {
	/** Which of the example's tickets; all by default. */
	readonly runs?: readonly string[];
	/** Another shop than the example's. */
	readonly shop?: Shop;
	/** Settings that lead elsewhere than to the services. */
	readonly instead?: (settings: Services['settings']) => Partial<Services['settings']>;
};

/** Ends whatever `work` has left behind, however it ends. */
export async function atSite<T>(work: (site: Site) => Promise<T>, options: SiteOptions = {}): Promise<T> {
	const root = mkdtempSync(join(tmpdir(), 'throughline-crash-'));
	const directory = join(root, 'state');
	const worldDirectory = join(root, 'world');
	let files = 0;
	const given = (task: unknown): string => {
		files += 1;
		const file = join(root, `given-${files}.json`);
		writeFileSync(file, JSON.stringify(task));
		return file;
	};
	const services = await startServices({
		seed: options.shop ? given(options.shop.seed) : seedFile,
		keyLifeMs: options.keyLifeMs ?? KEY_LIFE_MS,
		visibleAfterMs: options.visibleAfterMs ?? VISIBLE_AFTER_MS,
		answerDelayMs: options.answerDelayMs ?? ANSWER_DELAY_MS,
		directory: worldDirectory,
		issuerPublicKey: join(directory, 'issuer.pub'),
	});
	const settings = { ...services.settings, ...options.instead?.(services.settings) };
	const begun: Started[] = [];
	const said: string[] = [];
	const begin: Site['begin'] = (words) => {
		const started = start(words, { directory, settings, onLine: (line) => said.push(line) });
		begun.push(started);
		return started;
	};
	const runs = options.shop?.runs ?? options.runs ?? ticketRuns;
	const tickets = options.shop?.tickets ?? ticketsOf(runs);
	try {
		return await work({
			directory,
			worldDirectory,
			services,
			said,
			begin,
			command: (words) => begin(words).ended,
			given,
			runs,
			workOnAllTickets: ['run', 'refund-desk', '--input', given(tickets), '--each'],
			exists: () => existsSync(join(directory, 'throughline.json')),
		});
	} finally {
		for (const { child } of begun) if (child.exitCode === null && child.signalCode === null) signalTree(child.pid, 'SIGKILL');
		await Promise.all(begun.map(({ ended }) => ended));
		for (const pid of startedFor(directory)) signalOne(pid, 'SIGKILL');
		await services.end();
		rmSync(root, { recursive: true, force: true, maxRetries: 5 });
	}
}
