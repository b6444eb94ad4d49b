/** `throughline resume`: takes runs up again, the named ones or all that were interrupted. */
import type { Command } from 'commander';
import { openDesk } from '../local/desk.ts';
import type { Driver } from './driver.ts';
import { exitOfAll } from './exit-codes.ts';
import { type Driving, driving, runIds } from './options.ts';
import { withDeployed } from './place.ts';
import type { Outcome, Registering } from './program.ts';
import { type RunReport, runLines } from './run-report.ts';

export const resume: Registering = (program: Command, done) => {
	driving(program.command('resume'))
		.description('take runs up again; without names, all that were interrupted')
		.argument('[run...]', 'runs to take up, whoever drives them; frees those that are stuck', runIds)
		.action(async (runs: string[], options: Driving) => done(await act(runs, options)));
};

async function act(named: readonly string[], options: Driving): Promise<Outcome> {
	if (options.outputs !== undefined) return outcomeOf(await resumedThere(named, options), options);
	await allExist(named, options);
	const { withDriver } = await import('./driver.ts');
	return withDriver({ ...options, mustExist: true }, async (driver) => {
		const runs = await Promise.all(named.length === 0 ? await interrupted(driver) : await takenUp(named, driver));
		return outcomeOf(runs, options);
	});
}

const outcomeOf = (runs: readonly RunReport[], options: Driving): Outcome => ({
	json: { runs },
	lines: runs.length === 0 ? ['no run was interrupted'] : runs.flatMap((report) => runLines(report, options)),
	exit: exitOfAll(runs),
});

const resumedThere = (named: readonly string[], options: Driving): Promise<RunReport[]> =>
	withDeployed(options, async (deployed, desk) => {
		for (const run of named) await desk.reader.read(run);
		const runs = named.length === 0 ? await deployed.sweep() : [...new Set(named)];
		if (named.length > 0) await Promise.all(runs.map((run) => deployed.takeUp(run)));
		return Promise.all(runs.map((run) => deployed.rested(run, options.wait)));
	});

const interrupted = async (driver: Driver): Promise<Promise<RunReport>[]> => (await driver.takeUpInterrupted()).map(({ rested }) => rested);

/** All of them, or none: what one of them lacks is said before another is begun. */
async function takenUp(named: readonly string[], driver: Driver): Promise<Promise<RunReport>[]> {
	const runs = [...new Set(named)];
	for (const run of runs) driver.ready(await driver.host.agentOf(run));
	return runs.map((run) => driver.takeUp(run, 'person').then(() => driver.rested(run)));
}

/** Before anything is taken up. @throws RunNotFound */
async function allExist(runs: readonly string[], { dir }: Driving): Promise<void> {
	const desk = openDesk(dir);
	try {
		for (const run of runs) await desk.reader.read(run);
	} finally {
		desk.close();
	}
}
