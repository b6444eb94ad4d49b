/**
 * S2: an attempt that is stopped (SIGSTOP) amid its work is neither dead nor past its time in its own eyes. Whoever takes its
 * run up elsewhere ends its process before the wait begins, or it would wake after the target was asked.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startOf, treeOf } from '../../local/processes.ts';
import { start } from './command.ts';

/** What it does outside is a line in a file. `EFFECT` stands between the stop and the effect. */
const agentFile = `
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const recall = defineTool({
	name: 'parcel.recall', description: 'Calls a parcel back.', effect: 'lookup', fencedBy: 'runtime', visibleWithinMs: 0, timeoutSeconds: 2,
	input: z.strictObject({ parcel: z.string() }),
	output: z.object({ recalled: z.string() }),
	resource: { type: 'Parcel', id: (input) => input.parcel },
	run: ({ parcel }, { settings }) => {
		const isFirst = !existsSync(settings.DIRECTORY + '/begun');
		writeFileSync(settings.DIRECTORY + '/begun', '');
		EFFECT
		return { recalled: parcel };
	},
	lookup: ({ parcel }, { settings }) => (existsSync(settings.DIRECTORY + '/journal') ? { found: { recalled: parcel } } : { absent: true }),
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
const journal = `appendFileSync(settings.DIRECTORY + '/journal', parcel + '\\n');`;
/** Holds its thread, so that nothing but the signal stops it and nothing comes between its waking and its effect. */
const inItsOwnProcess = `if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700); ${journal}`;
/** Hands the work to a process that nobody can tell belongs to it. */
const inAnother = `
		if (isFirst) spawn('sh', ['-c', 'until [ -e woken ]; do sleep 0.05; done; echo late >> journal; : > late'], { cwd: settings.DIRECTORY, detached: true, stdio: 'ignore' }).unref();
		if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
		else ${journal}`;

test('it never wakes to act: done once, by whoever took it up', async () => {
	const { lines } = await takenUpWhileStopped(inItsOwnProcess);
	expect(lines()).toEqual(['P-1']);
});

test('control: what a tool has handed to a process out of reach wakes and does it again', async () => {
	const { lines, file } = await takenUpWhileStopped(inAnother);
	while (!existsSync(file('late'))) await pause(10);
	expect(lines()).toEqual(['P-1', 'late']);
});

async function takenUpWhileStopped(effect: string): Promise<{ lines: () => string[]; file: (name: string) => string }> {
	const root = mkdtempSync(join(tmpdir(), 'stopped-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
	const file = (name: string): string => join(root, name);
	mkdirSync(file('recaller'));
	writeFileSync(file('recaller/agent.ts'), agentFile.replace('EFFECT', effect));
	writeFileSync(file('task.json'), JSON.stringify({ parcel: 'P-1' }));
	const environment = { DIRECTORY: root };
	const words = ['--dir', file('state')];

	const first = start(['run', file('recaller'), '--input', file('task.json'), '--run', 'one', ...words], { environment });
	while (!existsSync(file('begun'))) await pause(5);
	const asleep = stopped(first.child.pid);
	onTestFinished(() => signal(asleep, 'SIGKILL'));
	const second = start(['resume', 'one', ...words], { environment });
	await second.says('step 1 parcel.recall · done');
	writeFileSync(file('woken'), '');
	// Its sandboxes first: the host, which would end what is past its time, is the last to wake.
	signal(asleep.toReversed(), 'SIGCONT');
	await first.ended;
	expect(await second.ended).toMatchObject({ code: 0 });
	return { lines: () => readFileSync(file('journal'), 'utf8').trim().split('\n'), file };
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
