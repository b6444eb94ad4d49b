/** Explores the scenarios named on the command line and prints one line of JSON each. */
import { explored } from './breadth-first.ts';
import { scenarios } from './scenarios.ts';

const SILENT_MS = 2_000;
for (const name of process.argv.slice(2)) {
	const scenario = scenarios.find((candidate) => candidate.name === name);
	if (!scenario) throw new Error(`there is no scenario ${name}; there are ${scenarios.map((each) => each.name).join(', ')}`);
	let told = performance.now();
	const found = await explored(scenario, (states, frontier) => {
		if (performance.now() - told < SILENT_MS) return;
		told = performance.now();
		process.stderr.write(`${name}: ${states} states, ${frontier} to be looked at\n`);
	});
	process.stdout.write(`${JSON.stringify(found)}\n`);
}
