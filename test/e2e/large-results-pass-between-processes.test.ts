/** With real processes and SQLite: large inputs and results go from function to function and to the planner, whole. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { asked } from './command.ts';

const agentFile = `
import { createHash } from 'node:crypto';
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';

const read = defineTool({
	name: 'archive.read', description: 'Reads much.', effect: 'read', timeoutSeconds: 60,
	input: z.object({ of: z.string() }), output: z.object({ text: z.string() }),
	resource: { type: 'Archive', id: () => 'archive' },
	run: async ({ of }) => ({ text: of[0].repeat(500_000) }),
});
const digest = (text) => createHash('sha256').update(text).digest('hex');
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export default defineAgent({
	name: 'archive-desk',
	tools: [read],
	entities: { Archive: {} },
	policies: { 'read-freely': 'permit(principal, action, resource);' },
	planner: ({ happened }) =>
		happened.length > 0
			? { finish: happened.toSorted((one, other) => one.step - other.step).map(({ input, result }) => digest(input.of + result.text)) }
			: { calls: letters.map((letter) => ({ tool: 'archive.read', input: { of: letter.repeat(60_000) }, purpose: 'to read' })) },
});
`;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const whole = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => digest(letter.repeat(60_000) + letter.repeat(500_000)));

test('eight inputs of 60 kB in one plan, eight results of 500 kB', async () => {
	const root = mkdtempSync(join(tmpdir(), 'throughline-large-'));
	onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
	const agent = join(root, 'archive-desk');
	mkdirSync(agent);
	writeFileSync(join(agent, 'agent.ts'), agentFile);
	const directory = join(root, 'state');
	writeFileSync(join(root, 'task.json'), '{}');
	const { code, json, stderr } = await asked(['run', agent, '--input', join(root, 'task.json'), '--run', 'large', '--dir', directory]);
	expect(stderr).not.toContain('failed');
	expect(json).toMatchObject({ runs: [{ run: 'large', status: 'finished', answer: whole }] });
	expect(code).toBe(0);
	// What a host keeps of its executions is names: what was large is in no other file than the ledger's own.
	for (const name of readdirSync(directory)) {
		const path = join(directory, name);
		if (name.startsWith('ledger') || !statSync(path).isFile()) continue;
		expect(readFileSync(path).includes('a'.repeat(1_000)), name).toBe(false);
	}
});
