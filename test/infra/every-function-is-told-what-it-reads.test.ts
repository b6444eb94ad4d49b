// What infra sets is what the function parses: names are typed once, and values are what they stand for. Its limits are those of its declaration.
import { expect, test } from 'vitest';
import type { ZodObject } from 'zod';
import { SESSION_POLICY_CHARACTERS } from '../../core/bounds.ts';
import { epochMs } from '../../core/ids.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';
import {
	archiveVariables,
	backfillVariables,
	guardVariables,
	ingestVariables,
	ledgerVariables,
	openVariables,
	readEnvironment,
	reconcileVariables,
	recoveringVariables,
	statusVariables,
	sweepVariables,
	toolVariables,
} from '../../functions/lambda/environment.ts';
import { loadAgents } from '../../infra/bundling/agent-folders.ts';
import { COLD_GUARD_SECONDS } from '../../infra/constructs/tool.ts';
import { functionsIn, one, type Part, PREFIX, sessionRoles, world } from './deployed-world.ts';

const variables: Record<Part, ZodObject> = {
	tool: toolVariables,
	guard: guardVariables,
	plan: ledgerVariables,
	open: openVariables,
	intake: ledgerVariables,
	status: statusVariables,
	resume: ledgerVariables,
	sweep: sweepVariables,
	decide: recoveringVariables,
	close: recoveringVariables,
	freeze: recoveringVariables,
	archive: archiveVariables,
	ingest: ingestVariables,
	backfill: backfillVariables,
	reconcile: reconcileVariables,
};
const functions = functionsIn(world);
const environmentOf = (name: string) =>
	(
		one(
			functions.find((each) => each.name === name),
			name,
		).function.properties.Environment as { Variables: Record<string, string> }
	).Variables;

test.each(functions.map(({ name, part }) => [name, part] as const))('%s', (name, part) => {
	expect(() => readEnvironment(variables[part], environmentOf(name))).not.toThrow();
	// Nothing besides: a tool is told nothing of the ledger.
	const ours = Object.keys(environmentOf(name)).filter((key) => key.startsWith('THROUGHLINE_'));
	expect(ours.toSorted()).toEqual(Object.keys(variables[part].shape).toSorted());
});

test('every function: Node 24 on arm64, from one file', () => {
	for (const {
		function: { properties },
	} of functions)
		expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
});

test('a tool’s hard timeout is the one it declares and a cold guard’s start, and its guard is told', async () => {
	for (const { agent } of await loadAgents()) {
		for (const tool of agent.tools.values()) {
			const deployed = functions.find(({ name, part }) => part === 'tool' && environmentOf(name).THROUGHLINE_TOOL === tool.name);
			const seconds = tool.timeoutSeconds + COLD_GUARD_SECONDS;
			expect(deployed?.function.properties.Timeout).toBe(seconds);
			const guard = functions.find(({ name, part }) => part === 'guard' && environmentOf(name).THROUGHLINE_TOOL === tool.name);
			expect(readEnvironment(guardVariables, environmentOf(guard?.name ?? '')).THROUGHLINE_TOOL_SECONDS).toBe(seconds);
		}
	}
});

test('a guard assumes roles that there are', () => {
	const there = sessionRoles(world).map(({ role }) => role.arn);
	for (const { name, part } of functions) {
		if (part !== 'guard') continue;
		const prefix = readEnvironment(guardVariables, environmentOf(name)).THROUGHLINE_ROLE_PREFIX;
		expect(prefix).toBe(`arn:aws:iam::111122223333:role/${PREFIX}`);
		expect(there.some((arn) => arn.startsWith(prefix))).toBe(true);
	}
});

test('the session that commits fits STS, with the longest names that CloudFormation gives', () => {
	const committing = functions.flatMap(({ name, part }) => {
		const given = part === 'guard' ? readEnvironment(guardVariables, environmentOf(name)).THROUGHLINE_COMMIT_ACCESS : [];
		return given.length > 0 ? [given] : [];
	});
	expect(committing).toHaveLength(3);
	for (const access of committing) {
		// Stack, logical id and a suffix of 13: some 90 characters, where these templates have fewer.
		const longest = access.map(({ actions, resources }) => ({
			actions,
			resources: resources.map((resource) => resource.padEnd(150, 'x')),
		}));
		const policy = sessionPolicy(longest, epochMs.parse(0));
		expect('text' in policy && policy.text.length).toBeLessThanOrEqual(SESSION_POLICY_CHARACTERS);
	}
});

test('control: a variable that infra forgot is seen', () => {
	const { THROUGHLINE_KEYS_TABLE: _forgotten, ...rest } = environmentOf(`${PREFIX}resume`);
	expect(() => readEnvironment(ledgerVariables, rest)).toThrow('THROUGHLINE_KEYS_TABLE');
});
