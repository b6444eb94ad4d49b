/**
 * Puts the checker itself to the test: each control is played in a process of its own with its edits in the sources, and the
 * checker, on sources as they ship, has to find the broken promise. All scenarios are then played unedited: nothing may be found.
 *
 * `node test/crash/controls/main.ts [--json FILE] [--only NAME]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deserialize } from 'node:v8';
import { check, counts, type Finding } from '../checker/check.ts';
import type { Seen } from '../checker/seen.ts';
import { writeReport } from '../crash-report.ts';
import { MUTATIONS_VARIABLE, type Mutation } from '../mutate/mutation.ts';
import { controls } from './all.ts';
import type { Control } from './control.ts';

const AT_ONCE = 2;
const PLAY_MS = 60_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

type Result = {
	readonly name: string;
	readonly says: string;
	readonly breaks: string;
	readonly caught: boolean;
	readonly by: string[];
	readonly baselineClean: boolean;
};

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const chosen = controls.filter(({ name }) => values.only === undefined || name.includes(values.only));
if (chosen.length === 0) throw new Error(`no control is named ${values.only}; there are: ${controls.map(({ name }) => name).join('; ')}`);
const directory = mkdtempSync(join(tmpdir(), 'throughline-controls-'));
const began = performance.now();
try {
	const baseline = await play('baseline', chosen, []);
	const results: Result[] = [];
	const waiting = [...chosen];
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let control = waiting.shift(); control; control = waiting.shift()) results.push(await judged(control, baseline));
		}),
	);
	results.sort((left, right) => order(left) - order(right));
	const seconds = Math.round((performance.now() - began) / 100) / 10;
	if (values.json) writeReport(values.json, { part: 'controls', controls: results, seconds });
	const good = results.filter(({ caught, baselineClean }) => caught && baselineClean).length;
	process.stdout.write(`${good} of ${results.length} controls caught with a clean baseline, in ${seconds} s\n`);
	if (good < results.length) process.exitCode = 1;
} finally {
	rmSync(directory, { recursive: true, force: true });
}

function order({ name }: Result): number {
	return controls.findIndex((control) => control.name === name);
}

async function judged(control: Control, baseline: Record<string, Seen>): Promise<Result> {
	const { name, says, breaks, edits } = control;
	const honest = baseline[name];
	const before = honest ? check(honest) : undefined;
	// A scenario in which nothing ever succeeds would be clean whatever it is checked for.
	const isEvidence = honest !== undefined && counts(honest).isEvidence;
	const seen = (await play(String(controls.indexOf(control)), [control], [{ name, says, edits }]))[name];
	const found = seen ? check(seen) : [];
	const by = [...new Set(found.map(({ kind }) => kind))];
	const result = {
		name,
		says,
		breaks,
		caught: found.some(({ kind }) => kind === breaks),
		by,
		baselineClean: before?.length === 0 && isEvidence,
	};
	process.stdout.write(`${result.caught && result.baselineClean ? 'caught' : 'MISSED'}  ${name}: ${by.join(', ') || 'nothing found'}\n`);
	if (!result.caught) tell('found', found);
	if (!result.baselineClean) tell('found without the edits', before ?? []);
	return result;
}

function tell(where: string, findings: readonly Finding[]): void {
	process.stdout.write(findings.map(({ kind, run, step, says }) => `        ${where}: ${kind} ${run} ${step ?? ''} ${says}\n`).join(''));
}

/** What was seen, by control. A variant that ends before its scenario does has shown nothing, and so is not caught. */
function play(file: string, played: readonly Control[], mutations: readonly Mutation[]): Promise<Record<string, Seen>> {
	const path = join(directory, file);
	const args = ['--import', here('../mutate/register.ts'), here('./play.ts'), path, ...played.map(({ name }) => name)];
	const child = spawn(process.execPath, args, {
		cwd: here('../../../'),
		env: { ...process.env, NODE_COMPILE_CACHE: join(directory, 'compiled'), [MUTATIONS_VARIABLE]: JSON.stringify(mutations) },
		stdio: ['ignore', 'inherit', 'inherit'],
		timeout: PLAY_MS,
		killSignal: 'SIGKILL',
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => resolve(code === 0 ? deserialize(readFileSync(path)) : {}));
	});
}
