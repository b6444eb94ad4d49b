/** `throughline resume`: takes runs up again, the named ones or all that were interrupted. */
import type { Command } from 'commander';
import { openDesk } from '../local/desk.ts';
import type { Driver } from './driver.ts';
import { exitOfAll } from './exit-codes.ts';
import { type Driving, driving, runIds } from './options.ts';
import type { Outcome, Registering } from './program.ts';
import { type RunReport, runLines } from './run-report.ts';

export const resume: Registering = (program: Command, done) => {
	driving(program.command('resume'))
		.description('take runs up again; without names, all that were interrupted')
		.argument('[run...]', 'runs to take up, whoever drives them; frees those that are stuck', runIds)
		.action(async (runs: string[], options: Driving) => done(await act(runs, options)));
};

async function act(named: readonly string[], options: Driving): Promise<Outcome> {
	await allExist(named, options);
	const { withDriver } = await import('./driver.ts');
	return withDriver({ ...options, mustExist: true }, async (driver) => {
		const runs = await Promise.all(named.length === 0 ? await interrupted(driver) : await takenUp(named, driver));
		return {
			json: { runs },
			lines: runs.length === 0 ? ['no run was interrupted'] : runs.flatMap((report) => runLines(report, options)),
			exit: exitOfAll(runs),
		};
	});
}

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
