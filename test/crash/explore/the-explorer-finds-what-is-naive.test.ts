/** Controls: worlds that are wrong in one way, each found with a single fault, by a path that does the same when it is gone again. */
import { expect, test } from 'vitest';
import type { Policies } from '../../../core/ports.ts';
import { call } from '../../doubles/clerk.ts';
import { machines } from '../world/machine.ts';
import { perform } from '../world/perform.ts';
import type { Scenario } from '../world/scenario.ts';
import { explore, type Violation } from './explore.ts';
import { read, written } from './path.ts';
import { clerkTargets, errand, RUN } from './scenarios/clerk.ts';
import { wrongAtRest, wrongWith } from './seen.ts';

async function found(scenario: Scenario): Promise<readonly Violation[]> {
	const { violations } = await explore(scenario, { faults: 1 });
	return violations;
}

/** What is wrong at the end of a path, or on its way. */
async function goneAgain(scenario: Scenario, line: string): Promise<string[]> {
	let world = await scenario.begin();
	const wrong: string[] = [];
	for (const { action, plan } of read(line).path) {
		const performed = await perform(scenario, world, action, new Map(plan));
		wrong.push(...wrongWith(performed));
		world = performed.world;
	}
	return [...wrong, ...wrongAtRest(scenario, world)];
}

async function isFound(scenario: Scenario, kind: RegExp): Promise<void> {
	const violations = await found(scenario);
	const [first] = violations.filter(({ says }) => kind.test(says));
	expect(violations.map(({ says }) => says).join('\n')).toMatch(kind);
	expect(first && (await goneAgain(scenario, written(first))).join('\n')).toMatch(kind);
}

test('a target that promises to honour keys, and does not', { timeout: 60_000 }, async () => {
	const targets = { ...clerkTargets, pay: { timeoutMs: 10_000, fencedBy: 'runtime' as const } };
	await isFound(errand('naive target', { plans: { [RUN]: [[call('pay.send')]] }, targets }), /^duplicated: /);
});

test('a machine that asks the target without having waited', { timeout: 60_000 }, async () => {
	const acted = machines.step.States.Acted;
	if (acted?.Type !== 'Choice') throw new Error('Acted is a choice');
	const inDoubt = acted.Choices.find((rule) => 'StringEquals' in rule && rule.StringEquals === 'in-doubt');
	if (!inDoubt) throw new Error('a step may be in doubt');
	inDoubt.Next = 'Settle';
	try {
		await isFound(errand('naive wait', { plans: { [RUN]: [[call('parcel.send')]] } }), /^(guessed|duplicated): /);
	} finally {
		inDoubt.Next = 'WaitOut';
	}
});

test('a run that waits for a person who never answers is no violation', { timeout: 60_000 }, async () => {
	expect(await found({ ...errand('patient', { plans: { [RUN]: [[call('letter.send')]] } }), answers: () => undefined })).toEqual([]);
});

test('a recovery that is never started', { timeout: 60_000 }, async () => {
	const state = machines.recover.States.Resumed;
	if (state?.Type !== 'Choice') throw new Error('Resumed is a choice');
	const start = state.Choices.find((rule) => 'StringEquals' in rule && rule.StringEquals === 'start');
	if (!start) throw new Error('a run may be started again');
	start.Next = 'Over';
	try {
		await isFound(errand('naive recovery', { plans: { [RUN]: [[call('file.read')]] } }), /^stuck: /);
	} finally {
		start.Next = 'Pause';
	}
});

test('policies that decide another time otherwise', { timeout: 60_000 }, async () => {
	let asked = 0;
	const policies: Policies = {
		digest: 'fa'.repeat(32),
		decide: () => ({ verdict: ++asked % 2 === 0 ? 'deny' : 'allow', policies: [], errors: [] }),
		decideWithoutInput: () => ({ verdict: 'depends', policies: [] }),
	};
	const violations = await found(errand('naive policies', { plans: { [RUN]: [[call('file.read')]] }, policies, unsure: true }));
	expect(violations.map(({ says }) => says).join('\n')).toMatch(/not-remade/);
});
