/**
 * Crash points that exist: every call of a port in the source of core and functions, and every task of the state machines,
 * each with what may befall it. What was met while exploring is laid beside this list, and neither may hold what the other does not.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineNames } from '../../../statemachines/shape.ts';
import { type At, type Kind, kindsAt } from '../world/kinds.ts';
import { machines } from '../world/machine.ts';

const root = join(import.meta.dirname, '../../..');

/** How a call of each port is written. */
const calls: readonly { readonly written: RegExp; readonly at: (found: RegExpExecArray) => string }[] = [
	{
		written:
			/(?:\.(ledger|claims|tables|keys|payloads|runs)|\b(executions))\.(read|latest|append|get|put|create|destroy|list|start|isRunning|running)\(/g,
		at: ([, storage, machines, verb]) => `${storage ?? machines}.${verb}`,
	},
	{ written: /\bissuer\.issue\(/g, at: () => 'issuer.issue' },
	{ written: /\baround\.guard\(/g, at: () => 'guard.ask' },
	{ written: /\btool\.run\(/g, at: () => 'sink.act' },
	{ written: /\btool\.lookup\?\.\(/g, at: () => 'sink.look-up' },
	{ written: /\bagent\.planner\(/g, at: () => 'planner.ask' },
];

/** What the worlds do not have, and why they need not. The report says so. */
export const aside: readonly { readonly what: string; readonly holds: RegExp }[] = [
	// They keep records beside the runs, or put one back, over ports that no world has; their tests break those.
	...['archive', 'backfill', 'ingest', 'reconcile'].map((folder) => ({
		what: `functions/${folder}`,
		holds: new RegExp(`^functions/${folder}/`),
	})),
	// Wiring over AWS's own clients. What it does besides, the worlds' own wiring does too.
	{ what: 'functions/*/lambda.ts', holds: /^functions\/\w+\/lambda\.ts$/ },
];

export type CrashPoint = { readonly site: string; readonly at: At; readonly kinds: readonly Kind[] };

export function existingCrashPoints(): CrashPoint[] {
	const files = globSync(['core/**/*.ts', 'functions/**/*.ts'], { cwd: root })
		.filter((file) => !aside.some(({ holds }) => holds.test(file)))
		.sort();
	return [...files.flatMap((file) => crashPointsIn(file, readFileSync(join(root, file), 'utf8'))), ...tasks()];
}

/** The calls of ports that `source` makes. @throws TypeError for a port that nothing here knows how to break */
export function crashPointsIn(file: string, source: string): CrashPoint[] {
	const points = source
		.split('\n')
		.flatMap((line, index) =>
			/^\s*(\/\/|\*|\/\*)/.test(line)
				? []
				: calls.flatMap(({ written, at }) => [...line.matchAll(written)].map((found) => point(`${file}:${index + 1}`, at(found)))),
		);
	// Two calls of one kind in one line are one point: nothing tells from the outside which of them it was.
	return points.filter(({ site, at }, index) => points.findIndex((other) => other.site === site && other.at === at) === index);
}

function point(site: string, at: string): CrashPoint {
	if (!(at in kindsAt)) throw new TypeError(`${site} calls ${at}; say in kinds.ts what may befall it`);
	return { site, at: at as At, kinds: kindsAt[at as At] };
}

const tasks = (): CrashPoint[] =>
	machineNames.flatMap((name) => {
		const { States } = machines[name];
		const all = [States, ...Object.values(States).flatMap((state) => (state.Type === 'Map' ? [state.ItemProcessor.States] : []))];
		return all.flatMap((states) =>
			Object.entries(states).flatMap(([state, is]) =>
				is.Type === 'Task'
					? [point(`statemachines/${name}.asl.json:${state}`, is.Resource.includes(':lambda:') ? 'machine.invoke' : 'machine.start')]
					: [],
			),
		);
	});

/** By call site: how often what befell it. */
export type Fired = { readonly [site: string]: { readonly [kind: string]: number } };
export type Coverage = {
	readonly existing: number;
	readonly covered: number;
	readonly missing: readonly string[];
	/** Met, and not in the list: then the list is not one of all. */
	readonly unlisted: readonly string[];
};

/** Everything that may befall a call has to have befallen it; that somebody goes first needs somebody, and is asked of no single site. */
export function coverageOf(existing: readonly CrashPoint[], fired: Fired): Coverage {
	const missing = existing.flatMap(({ site, kinds }) => {
		const not = kinds.filter((kind) => kind !== 'overtaken' && !fired[site]?.[kind]);
		return not.length > 0 ? [`${site}: never ${!fired[site] ? 'reached' : not.join(', ')}`] : [];
	});
	const known = new Set(existing.map(({ site }) => site));
	const unlisted = Object.keys(fired).filter((site) => site.includes(':') && !known.has(site));
	return { existing: existing.length, covered: existing.length - missing.length, missing, unlisted };
}
