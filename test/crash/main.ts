/**
 * The reliability run, whole: every part beside another on two cores, their reports in `.out/`, one line at a time on what
 * goes on. `--publish` makes docs/reliability.md of what this very run reported. Any part that fails, fails it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { compiledCode } from '../../local/compiled-code.ts';
import { reportDirectory as out } from './crash-report.ts';
import { gather } from './report/gather.ts';
import { publish } from './report/page.ts';

/** `computes`: it never waits, and has what those that do leave it. */
type Part = { readonly name: string; readonly command: readonly string[]; readonly computes: boolean };
type Ended = { readonly name: string; readonly code: number; readonly seconds: number; readonly printed: string };

const remembering = ['--import', './test/crash/remember/register.ts'];
/** What lives for one transition only should not outlive it. */
const roomy = '--max-semi-space-size=64';
const node = (name: string, program: string, ...loading: string[]): Part => ({
	name,
	command: [process.execPath, roomy, ...loading, `test/crash/${program}`, '--json', `${out}${name}.json`],
	computes: true,
});
const layer = (name: string, project: string, { computes = false, only }: { computes?: boolean; only?: readonly string[] } = {}): Part => ({
	name,
	command: [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--project', project, ...(only ?? [])],
	computes,
});
const processTests = 'test/crash/processes';
const storm = `${processTests}/a-storm-of-kills-and-stops-loses-and-doubles-nothing.test.ts`;

/**
 * Side by side, the parts of a lane one after another: what waits for processes and a database, and what computes meanwhile. Two
 * lanes of those take about as long, so that no core is left over at the end.
 */
const lanes: readonly (readonly Part[])[] = [
	[layer('storm', 'crash', { only: [storm] })],
	[layer('dynamodb', 'dynamodb'), layer('processes', 'crash', { only: [processTests, '--exclude', storm] })],
	[node('explore', 'explore/main.ts')],
	[node('schedules', 'schedules/main.ts', ...remembering)],
	[
		node('model', 'model/main.ts'),
		layer('tests', 'crash', { computes: true, only: ['--exclude', `${processTests}/**`] }),
		node('controls', 'controls/main.ts'),
	],
];
/** Of nineteen: how far what computes stands behind what waits. */
const BEHIND = 10;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const elapsed = (since: number): number => Math.round((performance.now() - since) / 1000);
const begun = performance.now();
/** Hundreds of processes begin with the same sources: what one has compiled the next one finds, by what the source holds. */
const env = { ...process.env, NODE_COMPILE_CACHE: compiledCode };
const running = new Set<ChildProcess>();

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } } });
	const wanted = (part: Part): boolean => !values.only || values.only.includes(part.name);
	if (!values.only) rmSync(out, { recursive: true, force: true });
	mkdirSync(out, { recursive: true });
	const ended: Ended[] = [];
	await Promise.all(
		lanes.map(async (lane) => {
			for (const part of lane.filter(wanted)) ended.push(await run(part));
		}),
	);
	const failed = ended.filter(({ code }) => code !== 0);
	say(`${ended.length - failed.length} of ${ended.length} parts passed in ${elapsed(begun)} s`);
	if (failed.length > 0) {
		say(`failed: ${failed.map(({ name }) => `${name} (${out}${name}.log)`).join(', ')}`);
		for (const { name, printed } of failed) for (const line of howAgain(printed)) say(`${name}: ${line}`);
		process.exitCode = 1;
	} else if (!values.only) {
		const report = gather({ seconds: elapsed(begun) });
		if (values.publish) publish(report);
	}
}

/** Runs one part; what it prints goes to its log, and on failure to the terminal too. */
function run({ name, command: [program = '', ...options], computes }: Part): Promise<Ended> {
	const since = performance.now();
	const log = createWriteStream(`${out}${name}.log`);
	const printed: Buffer[] = [];
	const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'], env });
	running.add(child);
	if (computes && child.pid !== undefined) setPriority(child.pid, BEHIND);
	const keep = (chunk: Buffer): void => {
		log.write(chunk);
		printed.push(chunk);
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	say(`${name}: begun`);
	const beat = setInterval(() => say(`${name}: ${elapsed(since)} s${lastLine(printed)}`), BEAT_MS);
	return new Promise((resolve) => {
		child.on('close', (code) => {
			clearInterval(beat);
			running.delete(child);
			log.end();
			if (code !== 0) process.stderr.write(Buffer.concat(printed));
			say(`${name}: ${code === 0 ? 'passed' : `FAILED (${code})`} in ${elapsed(since)} s`);
			resolve({ name, code: code ?? 1, seconds: elapsed(since), printed: Buffer.concat(printed).toString() });
		});
	});
}

const BEAT_MS = 15_000;
const SHOWN = 100;

/** What plays it again, once more at the very end: whoever keeps a log may cut long stories anywhere. */
const howAgain = (printed: string): string[] => printed.split('\n').filter((line) => /\bagain\b.*( --replay |_SEED=\d)/.test(line));

function lastLine(printed: readonly Buffer[]): string {
	const text = Buffer.concat(printed.slice(-3)).toString().trim().split('\n').at(-1) ?? '';
	return text && `, ${text.slice(0, SHOWN)}`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.on(signal, () => {
		for (const child of running) child.kill('SIGTERM');
		process.exit(1);
	});
}
await main();
