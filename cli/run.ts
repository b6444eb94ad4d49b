/** `throughline run`: opens runs and drives them until each ends or waits. Whatever was interrupted here is taken up first. */
import type { Command } from 'commander';
import { ulid } from 'ulid';
import { runId } from '../core/ids.ts';
import { type OpenAnswer, parseTask } from '../functions/open/open.ts';
import type { LoadedAgent } from '../local/load-agent.ts';
import type { Driver } from './driver.ts';
import { exitOfAll } from './exit-codes.ts';
import { told, usage } from './fault.ts';
import { type Given, ownId, readTask, readTasks } from './input-file.ts';
import { aRunId, type Driving, driving } from './options.ts';
import { person } from './person.ts';
import type { Outcome, Registering } from './program.ts';
import { type RunReport, runLines } from './run-report.ts';
import { printable, say } from './terminal.ts';

type Options = Driving & { readonly input: string; readonly run?: string; readonly each: boolean };

export const run: Registering = (program: Command, done) => {
	driving(program.command('run'))
		.description('open a run, or one a task, and drive it until it ends or waits for a person')
		.argument('<agent>', 'an agent of this repository by name, or a folder with an agent.ts')
		.requiredOption('--input <file>', 'the task: a file of JSON, - for stdin')
		.option('--run <id>', "the run's id; with --each, what its runs' ids begin with", aRunId)
		.option('--each', 'the file holds a JSON array, or NDJSON: one run an element', false)
		.action(async (agent: string, options: Options) => done(await act(agent, options)));
};

async function act(agent: string, options: Options): Promise<Outcome> {
	const { checkedAgent, withDriver } = await import('./driver.ts');
	const loaded = await checkedAgent(agent, options);
	const tasks = named(loaded, options, options.each ? await readTasks(options.input) : [await readTask(options.input)]);
	return withDriver({ ...options, mustExist: false }, async (driver) => {
		const here = await driver.host.agent(loaded.folder);
		const takenUp = await driver.takeUpInterrupted();
		const runs = await openEach(tasks, { driver, loaded: here });
		const also = (await allRested(takenUp)).filter((report) => !runs.some(({ run: other }) => other === report.run));
		return {
			json: { runs, takenUp: also },
			lines: [...also, ...runs].flatMap((report) => runLines(report, options)),
			// Whoever asks is answered for what they asked; what was taken up besides is told.
			exit: exitOfAll(runs),
		};
	});
}

type Task = Given & { readonly run: string };

/** Gives each task its run id, and refuses all of them while one can't be opened. @throws Fault */
function named({ agent }: LoadedAgent, options: Options, given: readonly Given[]): Task[] {
	const prefix = options.run ?? agent.name;
	const places = new Map<string, string>();
	return given.map(({ task, where }, index) => {
		const id = options.each ? (ownId(task) ?? `${prefix}-${index + 1}`) : (options.run ?? ulid());
		const parsed = runId.safeParse(id);
		if (!parsed.success)
			throw usage(`${where} would be run ${JSON.stringify(id)}: ${parsed.error.issues[0]?.message}; give a shorter --run`);
		const before = places.get(id);
		if (before !== undefined) throw usage(`${where} would be run ${id}, as is ${before}; give each an id of its own`);
		places.set(id, where);
		const refused = parseTask(agent, task);
		if ('why' in refused) throw usage(`${where}: ${refused.why}`);
		return { task, where, run: id };
	});
}

/** `used` tells of a run id that was used before: for the same task, or for what else. */
type Opened = RunReport & { readonly used: null | 'same-task' | 'other-task' | 'other-agent' };

/** Runs that are driven at one time. More would only wait for each other. */
const AT_ONCE = 16;

async function openEach(tasks: readonly Task[], around: { driver: Driver; loaded: LoadedAgent }): Promise<Opened[]> {
	const opened: Opened[] = [];
	let next = 0;
	const failures: unknown[] = [];
	const work = async (): Promise<void> => {
		for (let index = next++; index < tasks.length; index = next++) {
			const task = tasks[index];
			if (!task) return;
			try {
				opened[index] = await openOne(task, around);
			} catch (error) {
				failures.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, work));
	// The other runs have been driven to their ends by now.
	if (failures.length > 0) throw failures[0];
	return opened;
}

/** Runs that were taken up besides: what goes wrong with one is told, and ends nothing. */
async function allRested(takenUp: Awaited<ReturnType<Driver['takeUpInterrupted']>>): Promise<RunReport[]> {
	const reports: RunReport[] = [];
	for (const { run: id, rested } of takenUp) {
		try {
			reports.push(await rested);
		} catch (error) {
			say(`${id}: ${printable(told(error).message)}`);
		}
	}
	return reports;
}

async function openOne({ task, run: id, where }: Task, { driver, loaded }: { driver: Driver; loaded: LoadedAgent }): Promise<Opened> {
	const answer = await driver.host.open(loaded, { run: id, task, by: person() });
	if (answer.is === 'refused') throw usage(`${where}: ${answer.why}`);
	const used = usedBefore(answer, loaded);
	if (used) say(usedWords(answer, { used, where }));
	return { ...(await driver.rested(id)), used };
}

function usedBefore(answer: OpenAnswer, { agent }: LoadedAgent): Opened['used'] {
	if (answer.is !== 'exists') return null;
	if (answer.agent !== agent.name) return 'other-agent';
	return answer.same ? 'same-task' : 'other-task';
}

function usedWords(answer: OpenAnswer, { used, where }: { used: NonNullable<Opened['used']>; where: string }): string {
	const run = answer.is === 'exists' ? answer.run : '';
	const agent = answer.is === 'exists' ? answer.agent : '';
	const differs = {
		'same-task': 'with this very task',
		'other-task': `with ANOTHER task than ${printable(where)}, which is left undone: give it another id`,
		'other-agent': `by ANOTHER agent, ${agent}; ${printable(where)} is left undone: give it another id`,
	}[used];
	return `run ${run} exists already, ${differs}; nothing is opened, and it answers as that run stands`;
}
