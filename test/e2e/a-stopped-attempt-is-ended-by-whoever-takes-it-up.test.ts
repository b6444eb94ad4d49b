/**
 * S2: an attempt that is stopped (SIGSTOP) amid its work is neither dead nor past its time in its own eyes. Whoever takes its
 * run up elsewhere ends its process first, or it would wake after the target was asked, or after the key was forgotten.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startOf, treeOf } from '../../local/processes.ts';
import { type Started, start } from './command.ts';

/** What it does outside is a line in a file. `EFFECT` stands between the stop and the effect. */
const agentFile = `
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const recall = defineTool({
	name: 'parcel.recall', description: 'Calls a parcel back.', fencedBy: 'runtime', timeoutSeconds: 4,
	KIND
	input: z.strictObject({ parcel: z.string() }),
	output: z.object({ recalled: z.string() }),
	resource: { type: 'Parcel', id: (input) => input.parcel },
	run: ({ parcel }, { settings }) => {
		const isFirst = !existsSync(settings.DIRECTORY + '/begun');
		EFFECT
		return { recalled: parcel };
	},
});

export default defineAgent({
	name: 'recaller',
	tools: [recall],
	entities: { Parcel: {} },
	settings: ['DIRECTORY'],
	task: z.object({ parcel: z.string() }),
	planner: ({ task, happened }) =>
		happened.length > 0 ? { finish: 'recalled' } : { calls: [{ tool: 'parcel.recall', input: task, purpose: 'as asked' }] },
	policies: { all: 'permit (principal, action == Action::"parcel.recall", resource);' },
});
`;
const lookup = `
	effect: 'lookup', visibleWithinMs: 0,
	lookup: ({ parcel }, { settings }) => (existsSync(settings.DIRECTORY + '/journal') ? { found: { recalled: parcel } } : { absent: true }),
`;
const replay = `effect: 'replay', keyHonouredForMs: 3_600_000,`;
const journal = `appendFileSync(settings.DIRECTORY + '/journal', parcel + '\\n');`;
const waitFor = (name: string): string =>
	`while (isFirst && !existsSync(settings.DIRECTORY + '/${name}')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);`;
/** Holds its thread until it is stopped, so that nothing comes between its waking and its effect. */
const held = `if (isFirst) writeFileSync(settings.DIRECTORY + '/begun', String(process.pid)); ${waitFor('asleep')}`;
const inItsOwnProcess = `${held} ${journal}`;
/** Hands the work to a process that nobody can tell belongs to it, and is stopped when that one has it. */
const inAnother = `
		if (isFirst) spawn('sh', ['-c', ': > handed; until [ -e woken ]; do sleep 0.05; done; echo late >> journal; : > late'], { cwd: settings.DIRECTORY, detached: true, stdio: 'ignore' }).unref();
		${waitFor('handed')}
		${held}
		if (!isFirst) ${journal}`;

/** The target honours its key until it is woken: it may be asleep for longer than any key is. */
const underItsKey = `${held} if (!existsSync(settings.DIRECTORY + '/journal') || existsSync(settings.DIRECTORY + '/woken')) ${journal}`;

test.each([
	['can be asked', lookup, inItsOwnProcess],
	['honours a key for a time', replay, underItsKey],
])('where the target %s it never wakes to act: done once, by whoever took it up', async (_, kind, effect) => {
	const { lines, isThere } = await takenUpWhileStopped({ kind, effect });
	expect(isThere).toBe(false);
	expect(lines()).toEqual(['P-1']);
});

test('control: what a tool has handed to a process out of reach wakes and does it again', async () => {
	const { lines, file } = await takenUpWhileStopped({ kind: lookup, effect: inAnother });
	while (!existsSync(file('late'))) await pause(10);
	expect(lines()).toEqual(['P-1', 'late']);
});

type TakenUp = {
	readonly lines: () => string[];
	readonly file: (name: string) => string;
	/** Whether the stopped attempt's process was still there when its step was done elsewhere. */
	readonly isThere: boolean;
};

async function takenUpWhileStopped({ kind, effect }: { kind: string; effect: string }): Promise<TakenUp> {
	const root = mkdtempSync(join(tmpdir(), 'stopped-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
	const file = (name: string): string => join(root, name);
	mkdirSync(file('recaller'));
	writeFileSync(file('recaller/agent.ts'), agentFile.replace('KIND', kind).replace('EFFECT', effect));
	writeFileSync(file('task.json'), JSON.stringify({ parcel: 'P-1' }));
	const environment = { DIRECTORY: root };
	const words = ['--dir', file('state')];

	const first = start(['run', file('recaller'), '--input', file('task.json'), '--run', 'one', ...words], { environment });
	const attempt = await attemptOf(first, file('begun'));
	const asleep = stopped(first.child.pid);
	onTestFinished(() => signal(asleep, 'SIGKILL'));
	writeFileSync(file('asleep'), '');
	const second = start(['resume', 'one', ...words], { environment });
	await second.says('step 1 parcel.recall · done');
	const isThere = startOf(attempt) !== undefined;
	writeFileSync(file('woken'), '');
	// Its sandboxes first: the host, which would end what is past its time, is the last to wake.
	signal(asleep.toReversed(), 'SIGCONT');
	await first.ended;
	expect(await second.ended).toMatchObject({ code: 0 });
	return { lines: () => readFileSync(file('journal'), 'utf8').trim().split('\n'), file, isThere };
}

/** The process of the first attempt, once it is at work. */
async function attemptOf({ child }: Started, begun: string): Promise<number> {
	while (!existsSync(begun) || readFileSync(begun, 'utf8') === '') {
		if (child.exitCode !== null) throw new Error('it came to its end without an attempt');
		await pause(5);
	}
	return Number(readFileSync(begun, 'utf8'));
}

type Process = { readonly pid: number; readonly started: string | undefined };

/** All of a process and what it has started, itself first. */
function stopped(root: number | undefined): Process[] {
	const tree = root === undefined ? [] : treeOf(root).map((pid) => ({ pid, started: startOf(pid) }));
	signal(tree, 'SIGSTOP');
	return tree;
}

/** To those that are still there, and nobody who got their number since. */
function signal(processes: readonly Process[], name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
	for (const { pid, started } of processes) if (started !== undefined && startOf(pid) === started) process.kill(pid, name);
}
