/**
 * S2: a tool's process that ends, by itself or with its host, takes along what it has started. Left behind, that would act after
 * the attempt was waited out and the target asked. In Lambda nothing outlives the end of its runtime either.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startOf } from '../../local/processes.ts';
import { start } from './command.ts';

/** The first attempt has another process do its work, and ends or waits as `ITSELF` says. */
const agentFile = `
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const work = 'until [ -e "$DIRECTORY/go" ]; do sleep 0.05; done; echo late >> "$DIRECTORY/journal"';
const recall = defineTool({
	name: 'parcel.recall', description: 'Calls a parcel back.', fencedBy: 'runtime', timeoutSeconds: 4, effect: 'lookup', visibleWithinMs: 0,
	input: z.strictObject({ parcel: z.string() }),
	output: z.object({ recalled: z.string() }),
	resource: { type: 'Parcel', id: (input) => input.parcel },
	run: ({ parcel }, { settings }) => {
		if (!existsSync(settings.DIRECTORY + '/begun')) {
			const worker = spawn('sh', ['-c', work], { detached: DETACHED, stdio: 'ignore', env: { ...process.env, DIRECTORY: settings.DIRECTORY } });
			writeFileSync(settings.DIRECTORY + '/begun', String(worker.pid));
			ITSELF
		}
		appendFileSync(settings.DIRECTORY + '/journal', parcel + '\\n');
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
const ends = 'process.exit(1);';
const waits = 'return new Promise(() => {});';

function recaller({ itself, detached = false }: { itself: string; detached?: boolean }) {
	const root = mkdtempSync(join(tmpdir(), 'started-'));
	const file = (name: string): string => join(root, name);
	mkdirSync(file('recaller'));
	writeFileSync(file('recaller/agent.ts'), agentFile.replace('ITSELF', itself).replace('DETACHED', String(detached)));
	writeFileSync(file('task.json'), JSON.stringify({ parcel: 'P-1' }));
	const begin = () =>
		start(['run', file('recaller'), '--input', file('task.json'), '--run', 'one', '--dir', file('state')], {
			environment: { DIRECTORY: root },
		});
	/** The other process, once it is at work. */
	const worker = async (): Promise<number> => {
		while (!existsSync(file('begun')) || readFileSync(file('begun'), 'utf8') === '') await pause(5);
		return Number(readFileSync(file('begun'), 'utf8'));
	};
	onTestFinished(async () => {
		// Whatever is left has its word, does its work and ends.
		writeFileSync(file('go'), '');
		for (const pid = await worker(); startOf(pid) !== undefined; ) await pause(10);
		rmSync(root, { recursive: true, force: true, maxRetries: 5 });
	});
	return { file, begin, worker, lines: () => readFileSync(file('journal'), 'utf8').trim().split('\n') };
}

test('a tool that ends by itself: its step is done once, by its next attempt', async () => {
	const { begin, worker, lines } = recaller({ itself: ends });
	expect(await begin().ended).toMatchObject({ code: 0 });
	expect(startOf(await worker())).toBeUndefined();
	expect(lines()).toEqual(['P-1']);
});

test('a tool whose host alone is killed', async () => {
	const { begin, worker } = recaller({ itself: waits });
	const host = begin();
	const pid = await worker();
	host.child.kill('SIGKILL');
	await host.ended;
	while (startOf(pid) !== undefined) await pause(10);
});

test('control: what has left its group does it again', async () => {
	const { file, begin, worker, lines } = recaller({ itself: ends, detached: true });
	expect(await begin().ended).toMatchObject({ code: 0 });
	writeFileSync(file('go'), '');
	for (const pid = await worker(); startOf(pid) !== undefined; ) await pause(10);
	expect(lines()).toEqual(['P-1', 'late']);
});
