/**
 * An explicit-state model check of the shipped transitions: `node test/crash/model/main.ts [--json FILE] [--only NAME]`.
 *
 * A state is a set of ledgers, the processes that are alive, what really happened at the target, and what may still befall
 * them. From each state every atomic action of every process is taken, breadth first, until no new state is found; two
 * states are one when no shipped rule and no target can tell them apart. Nothing is sampled, and nothing is cut off but by
 * the bounds that each scenario names.
 *
 * The rules are the shipped ones. Ledgers are folded by core's own `fold`. Guards, planners, recoverers and persons are
 * the functions that ship, called over ports that stand still at every append (and at every look at a control chain or a
 * claim), so that whatever may come in between does. Only what surrounds them is described here: the three state machines'
 * moves, processes that die or go on unheard, waits, clocks, and a target for each effect class.
 *
 * Time is whole seconds. A wait is a duration; an attempt may act at any moment until its credentials are refused or its
 * process is killed, whichever its tool relies on, and nobody is ever in a hurry. The target keeps its own account, and the
 * invariants are judged by that account. Where a schedule ends, the run must come to its own end when nothing befalls it
 * any more (S5).
 *
 * Then each of the known holes is put back by replacing one rule of the shipped source as it is loaded (`../mutate`), and
 * the same search over the same scenario must find it; so must it for each invariant that no known hole breaks. A hole that
 * is not found fails the check as a violation does.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { writeReport } from '../crash-report.ts';
import { MUTATIONS_VARIABLE, type Mutation } from '../mutate/mutation.ts';
import { boundsOf } from './bounded.ts';
import type { Explored } from './breadth-first.ts';
import { brokenRules } from './broken-rules.ts';
import { holes } from './holes.ts';
import { scenarios } from './scenarios.ts';
import { HONOURED_SECONDS, MARGIN_MS, OLD_SECONDS, type Scenario, TIMEOUT_SECONDS, VISIBLE_SECONDS } from './settings.ts';

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const chosen = scenarios.filter(({ name }) => values.only === undefined || name === values.only);
const tried = [...holes, ...brokenRules].filter(
	({ name, scenario }) => values.only === undefined || name === values.only || scenario === values.only,
);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Scenarios of the same bounds share a process: what it has compiled serves them all. */
function explore(names: readonly string[], mutations: readonly Mutation[], found: (explored: Explored) => void): Promise<void> {
	const child = spawn(
		process.execPath,
		['--max-semi-space-size=64', '--import', './test/crash/mutate/register.ts', 'test/crash/model/explore.ts', ...names],
		{
			cwd: new URL('../../../', import.meta.url),
			env: { ...process.env, [MUTATIONS_VARIABLE]: JSON.stringify(mutations) },
			stdio: ['ignore', 'pipe', 'inherit'],
		},
	);
	let rest = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) found(JSON.parse(line));
	});
	return new Promise((resolve, reject) => {
		child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`the search of ${names} ended with code ${code}`))));
	});
}

const scenarioOf = (name: string): Scenario => {
	const scenario = scenarios.find((candidate) => candidate.name === name);
	if (!scenario) throw new Error(`there is no scenario ${name}; there are ${scenarios.map((each) => each.name).join(', ')}`);
	return scenario;
};

/** All that limits a search, by name; what may not happen at all is left out. */
function boundsIn({ runs, calls, faults, bounds, skews, timed }: Scenario): Record<string, number | string> {
	const happens = Object.entries(faults).filter(([, times]) => times > 0);
	const seconds = { timeoutSeconds: TIMEOUT_SECONDS, marginSeconds: MARGIN_MS / 1000, visibleSeconds: VISIBLE_SECONDS };
	const clocks = {
		clocksAheadSeconds: skews.join(' '),
		...(timed && { honouredSeconds: HONOURED_SECONDS, agesToldApartSeconds: OLD_SECONDS }),
	};
	return { runs, calls, ...Object.fromEntries(happens), ...bounds, ...seconds, ...clocks };
}

const told = ({ violation }: Explored): string =>
	violation
		? `\n  broken: ${violation.invariant}: ${violation.why}\n${violation.trace.map((line, at) => `  ${at + 1}. ${line}`).join('\n')}`
		: '';

async function shipped(): Promise<Explored[]> {
	const explored: Explored[] = [];
	for (const [, alike] of Map.groupBy(chosen, ({ bounds }) => JSON.stringify(bounds))) {
		const [first] = alike;
		if (!first) continue;
		await explore(
			alike.map(({ name }) => name),
			[boundsOf(first)],
			(each) => {
				explored.push(each);
				say(
					`${each.scenario}: ${each.states} states, ${each.transitions} transitions, depth ${each.depth}, ${each.seconds} s${told(each)}`,
				);
			},
		);
	}
	return explored;
}

type Control = {
	name: string;
	says: string;
	scenario: string;
	caught: boolean;
	by: string | null;
	traceLength: number;
	trace: readonly string[];
};

async function controls(): Promise<Control[]> {
	const caught: Control[] = [];
	for (const hole of tried) {
		await explore([hole.scenario], [boundsOf(scenarioOf(hole.scenario)), hole], ({ violation, states }) => {
			const trace = violation?.trace ?? [];
			const { name, says, scenario } = hole;
			caught.push({
				name,
				says,
				scenario,
				caught: violation !== undefined,
				by: violation?.invariant ?? null,
				traceLength: trace.length,
				trace,
			});
			say(violation ? `${name}: caught by “${violation.invariant}” in ${trace.length} actions` : `${name}: NOT CAUGHT in ${states} states`);
		});
	}
	return caught;
}

const explored = await shipped();
const caught = await controls();
if (explored.length + caught.length === 0) throw new Error(`nothing is called ${values.only}`);
const states = explored.reduce((sum, each) => sum + each.states, 0);
const transitions = explored.reduce((sum, each) => sum + each.transitions, 0);
const report = {
	part: 'model',
	states,
	transitions,
	scenarios: explored.map((each) => ({ ...each, bounds: boundsIn(scenarioOf(each.scenario)) })),
	controls: caught,
};
if (values.json) writeReport(values.json, report);
const violated = explored.filter(({ violation }) => violation !== undefined).length;
const missed = caught.filter((control) => !control.caught).length;
say(
	`${explored.length} scenarios, ${states} states, ${transitions} transitions: ${violated} violations; ${caught.length} holes put back, ${missed} missed`,
);
if (violated + missed > 0) process.exitCode = 1;
