/** `throughline run`: opens runs and drives them until each ends or waits. Whatever was interrupted here is taken up first. */
import type { Command } from 'commander';
import { ulid } from 'ulid';
import { agentName, runId } from '../core/ids.ts';
import { type OpenAnswer, parseTask } from '../functions/open/open.ts';
import type { LoadedAgent } from '../local/load-agent.ts';
import type { Driver } from './driver.ts';
import { exitOfAll, exits } from './exit-codes.ts';
import { told, usage } from './fault.ts';
import { type Given, ownId, readTask, readTasks } from './input-file.ts';
import { aRunId, type Driving, driving } from './options.ts';
import { person } from './person.ts';
import { type OpenedThere, withDeployed } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { type RunReport, runLines } from './run-report.ts';
import { printable, printableLines, say } from './terminal.ts';

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
	if (options.outputs !== undefined) return runThere(agent, options);
	const { checkedAgent, withDriver } = await import('./driver.ts');
	const loaded = await checkedAgent(agent, options);
	const tasks = named(options, { agent: loaded.agent.name, given: await givenTo(options) });
	refuseUnfit(loaded, tasks);
	return withDriver({ ...options, mustExist: false }, async (driver) => {
		const here = await driver.host.agent(loaded.folder);
		const takenUp = await driver.takeUpInterrupted();
		const all = await eachOf(tasks, options, (task) => openOne(task, { driver, loaded: here }));
		const also = (await allRested(takenUp)).filter((report) => !all.runs.some(({ run: other }) => other === report.run));
		return outcomeOf(all, also, options);
	});
}

/** Whoever asks is answered for what they asked; what was taken up besides is told. */
function outcomeOf({ runs, failed }: Each, takenUp: readonly RunReport[], options: Options): Outcome {
	return {
		json: { runs, failed, takenUp },
		lines: [...takenUp, ...runs].flatMap((report) => runLines(report, options)),
		exit: failed.length > 0 ? exits.failed : exitOfAll(runs),
	};
}

type Task = Given & { readonly run: string };

/** Gives each task its run id, and refuses all of them while one can't be opened. @throws Fault */
function named(options: Options, { agent, given }: { agent: string; given: readonly Given[] }): Task[] {
	const prefix = options.run ?? agent;
	const places = new Map<string, string>();
	return given.map(({ task, where }, index) => {
		const id = options.each ? (ownId(task) ?? `${prefix}-${index + 1}`) : (options.run ?? ulid());
		const parsed = runId.safeParse(id);
		if (!parsed.success)
			throw usage(`${where} would be run ${JSON.stringify(id)}: ${parsed.error.issues[0]?.message}; give a shorter --run`);
		const before = places.get(id);
		if (before !== undefined) throw usage(`${where} would be run ${id}, as is ${before}; give each an id of its own`);
		places.set(id, where);
		return { task, where, run: id };
	});
}

const givenTo = async ({ each, input }: Options): Promise<readonly Given[]> => (each ? readTasks(input) : [await readTask(input)]);

/** All tasks, or none. @throws Fault */
function refuseUnfit({ agent }: LoadedAgent, tasks: readonly Task[]): void {
	for (const { task, where } of tasks) {
		const refused = parseTask(agent, task);
		if ('why' in refused) throw usage(`${where}: ${refused.why}`);
	}
}

/** In the account: opened through the agent's own URL, whose function says what of a task is unfit, and driven there. */
async function runThere(agent: string, options: Options): Promise<Outcome> {
	const name = agentName.safeParse(agent);
	if (!name.success) throw usage(`${JSON.stringify(agent)} is no agent of a deployment: ${name.error.issues[0]?.message}`);
	const tasks = named(options, { agent, given: await givenTo(options) });
	const all = await withDeployed(options, (deployed) =>
		eachOf(tasks, options, async ({ task, run: id, where }): Promise<Opened> => {
			const answer = await deployed.open(agent, { run: id, task });
			if (answer.is === 'refused') throw usage(`${where}: ${answer.why}`);
			const used = usedBefore(answer, agent);
			if (used) say(usedWords(answer, { used, where }));
			return { ...(await deployed.rested(id, options.wait)), used };
		}),
	);
	return outcomeOf(all, [], options);
}

/** `used` tells of a run id that was used before: for the same task, or for what else. */
type Opened = RunReport & { readonly used: null | 'same-task' | 'other-task' | 'other-agent' | 'unknown-task' };

/** Runs that are driven at one time. More would only wait for each other. */
const AT_ONCE = 16;

/** `failed`: tasks whose runs could not be opened, or not be driven to an end. */
type Each = { readonly runs: Opened[]; readonly failed: { run: string; error: { name: string; message: string } }[] };

/** What is wrong with one task is told, and keeps no other from its run. @throws what is wrong with the only one */
async function eachOf(tasks: readonly Task[], options: Options, openTask: (task: Task) => Promise<Opened>): Promise<Each> {
	const opened: Opened[] = [];
	const failures: { run: string; error: unknown }[] = [];
	let next = 0;
	const work = async (): Promise<void> => {
		for (let index = next++; index < tasks.length; index = next++) {
			const task = tasks[index];
			if (!task) return;
			try {
				opened[index] = await openTask(task);
			} catch (error) {
				failures[index] = { run: task.run, error };
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, work));
	if (tasks.length === 1 && failures[0]) throw failures[0].error;
	const failed = failures
		.filter((failure) => failure !== undefined)
		.map(({ run: id, error }) => {
			const { name, message } = told(error);
			say(`${id}: ${printable(message)}`);
			if (options.debug && error instanceof Error && error.stack) say(printableLines(error.stack));
			return { run: id, error: { name, message } };
		});
	return { runs: opened.filter((run) => run !== undefined), failed };
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
	const used = usedBefore(answer, loaded.agent.name);
	if (used) say(usedWords(answer, { used, where }));
	return { ...(await driver.rested(id)), used };
}

function usedBefore(answer: OpenedThere | OpenAnswer, agent: string): Opened['used'] {
	if (answer.is !== 'exists') return null;
	if (answer.agent !== agent) return 'other-agent';
	if (answer.same === null) return 'unknown-task';
	return answer.same ? 'same-task' : 'other-task';
}

function usedWords(answer: OpenedThere | OpenAnswer, { used, where }: { used: NonNullable<Opened['used']>; where: string }): string {
	const run = answer.is === 'exists' ? answer.run : '';
	const agent = answer.is === 'exists' ? answer.agent : '';
	const differs = {
		'same-task': 'with this very task',
		'other-task': `with ANOTHER task than ${printable(where)}, which is left undone: give it another id`,
		'unknown-task': `and whether with the task of ${printable(where)} can't be told any more: its key was destroyed`,
		'other-agent': `by ANOTHER agent, ${agent}; ${printable(where)} is left undone: give it another id`,
	}[used];
	return `run ${run} exists already, ${differs}; nothing is opened, and it answers as that run stands`;
}
