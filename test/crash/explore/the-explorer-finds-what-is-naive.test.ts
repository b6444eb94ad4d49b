/** Controls: worlds that are wrong in one way, each found with a single fault, by a path that does the same when it is gone again. */
import { expect, test } from 'vitest';
import { ENTRIES_PER_QUERY } from '../../../core/bounds.ts';
import type { Policies, Runs } from '../../../core/ports.ts';
import { call } from '../../doubles/clerk.ts';
import { sweeperOf, sweepFunction } from '../world/installation.ts';
import type { Kind } from '../world/kinds.ts';
import { machines } from '../world/machine.ts';
import { perform } from '../world/perform.ts';
import type { Scenario } from '../world/scenario.ts';
import { takenUpThoughDriven } from './driven.ts';
import { explore, type Violation } from './explore.ts';
import { read, written } from './path.ts';
import { clerkTargets, errand, RUN } from './scenarios/clerk.ts';
import { swept } from './scenarios/swept.ts';
import { wrongAtRest, wrongWith } from './seen.ts';

async function found(scenario: Scenario, kinds?: readonly Kind[]): Promise<readonly Violation[]> {
	const { violations } = await explore(scenario, { faults: 1, ...(kinds && { kinds }) });
	return violations;
}

/** What is wrong at the end of a path, or on its way. */
async function goneAgain(scenario: Scenario, line: string): Promise<string[]> {
	let world = await scenario.begin();
	const wrong: string[] = [];
	for (const { action, plan } of read(line).path) {
		const performed = await perform(scenario, world, action, new Map(plan));
		wrong.push(...wrongWith(performed), ...takenUpThoughDriven(world, performed));
		world = performed.world;
	}
	return [...wrong, ...wrongAtRest(scenario, world)];
}

async function isFound(scenario: Scenario, kind: RegExp, kinds?: readonly Kind[]): Promise<void> {
	const violations = await found(scenario, kinds);
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

const sweptBy = (scenario: Scenario, sweeper: ReturnType<typeof sweeperOf>): Scenario => ({
	...scenario,
	installation: new Map(scenario.installation).set(sweepFunction, sweeper),
});
const blind = sweeperOf(({ runs, executions }) => ({
	runs,
	executions: { ...executions, isRunning: async () => false, running: async () => [] },
}));

test.for(['clerk: the sweeper comes meanwhile', 'clerk: the sweeper comes meanwhile, to a run driven from outside'])(
	'%s: one that looks at no executions',
	{ timeout: 60_000 },
	async (name) => {
		const scenario = swept.find((listed) => listed.name === name)?.make(name);
		if (!scenario) throw new Error(`there is no scenario ${name}`);
		await isFound(sweptBy(scenario, blind), /^swept: /, ['crash-after']);
		expect(await found(scenario, ['crash-after'])).toEqual([]);
	},
);

test('a sweeper that leaves an answered hold alone', { timeout: 60_000 }, async () => {
	const name = 'clerk: the sweeper finds an answer';
	const scenario = swept.find((listed) => listed.name === name)?.make(name);
	if (!scenario) throw new Error(`there is no scenario ${name}`);
	const leaving = sweeperOf(({ runs, executions }, { ledger }) => {
		const list: Runs['list'] = async (page) => {
			const unanswered: string[] = [];
			for (const run of await runs.list(page)) {
				const entries = await ledger.latest(run, ENTRIES_PER_QUERY);
				if (!entries.some(({ body }) => body.includes('"kind":"approval"'))) unanswered.push(run);
			}
			return unanswered;
		};
		return { executions, runs: { list } };
	});
	await isFound(sweptBy(scenario, leaving), /^stuck: /);
	expect(await found(scenario)).toEqual([]);
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
