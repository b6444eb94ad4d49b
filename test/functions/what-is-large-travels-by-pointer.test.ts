/**
 * Contents above what stands in an entry, and above what a state machine carries, go through the payload store and by name: state and
 * history of every execution hold ids, whatever a planner proposes and a tool answers.
 */
import { expect, test } from 'vitest';
import { INLINE_CONTENT_BYTES, INPUT_BYTES } from '../../core/bounds.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import type { Payloads } from '../../core/ports.ts';
import type { Json, Planner } from '../../index.ts';
import { createMachines } from '../../local/machines.ts';
import { s3Store } from '../contract/s3-service.ts';
import { clerk, clerkTools } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { recordedHistory } from '../doubles/history.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** What Step Functions takes of a state, and DynamoDB of an item. */
const STATE_BYTES = 262_144;
const ITEM_BYTES = 409_600;
const MARK = 'CONTENT-';
/** Each of its own kind, so that one can't pass for another. */
const large = (kind: string, bytes: number): string => `${MARK}${kind}-`.padEnd(bytes, 'x');
const RESULT = large('result', 500_000);
const CALLS = 8;
const read = (what: string) => ({ tool: 'file.read', input: { what }, purpose: 'large' });
const inputs = Array.from({ length: CALLS }, (_, index) => large(`input-${index}`, 60_000));
const TASK = { note: large('task', 60_000) };

/** Asks for eight large things at once, says what it was told of them, keeps a large memory. */
const greedy: Planner = ({ task, memory, happened }) => {
	if (happened.length === 0 && memory === undefined) return { calls: inputs.map(read), reason: large('reason', 3_000) };
	if (memory === undefined) return { memory: { kept: large('memory', 400_000), told: happened.map(digestOf).toSorted() } };
	return { finish: { told: Object(memory).told, task: sha256(JSON.stringify(task)), answer: large('answer', 300_000) } };
};
const digestOf = (one: Parameters<Planner>[0]['happened'][number]): string =>
	sha256(JSON.stringify('step' in one ? [one.input, one.result] : one));

async function greedyRun(payloads?: Payloads) {
	const outside = outsideWorld();
	const history = recordedHistory();
	const tools = clerkTools(outside).map((tool) => ({ ...tool, run: async () => ({ receipt: RESULT }) }));
	const store = payloads && {
		store: (given: Parameters<NonNullable<Parameters<typeof install>[0]['store']>>[0]) => ({ ...given, payloads }),
	};
	const told: Json[] = [];
	const planner: Planner = async (situation) => {
		const plan = await greedy(situation);
		if ('finish' in plan) told.push(plan.finish);
		return plan;
	};
	const desk = install({ agent: clerk(outside, { tools, planner }), observe: history.observe, ...store });
	if (payloads) Object.assign(desk.operator.store, { payloads });
	await desk.run(TASK);
	return { desk, history, told };
}
const expected = inputs.map((what) => sha256(JSON.stringify([{ what }, { receipt: RESULT }]))).toSorted();

/** Complaints about data that is more than ids: too long, unknown, or content outright. */
const ids = new Set([
	'run',
	'agent',
	'epoch',
	'step',
	'tool',
	'function',
	'hint',
	'next',
	'steps',
	'status',
	'waitSeconds',
	'attempts',
	'state',
]);
const addresses = new Set([
	'Payload',
	'Input',
	'FunctionName',
	'StateMachineArn',
	'Status',
	'step_status',
	'is',
	'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID',
]);
const LONGEST = 100;
function moreThanIds(recorded: Iterable<string>): string[] {
	const complaints: string[] = [];
	const walk = (value: unknown, name: string): void => {
		if (typeof value === 'string' && (value.length > LONGEST || value.includes(MARK)))
			complaints.push(`${name} holds ${value.slice(0, 20)} …`);
		if (typeof value !== 'object' || value === null) return;
		for (const [field, inner] of Object.entries(value)) {
			if (!Array.isArray(value) && !ids.has(field) && !addresses.has(field)) complaints.push(`${field} is no id`);
			walk(inner, field);
		}
	};
	for (const data of recorded) walk(JSON.parse(data), 'the state');
	return complaints;
}
const largest = (recorded: Iterable<string>): number => Math.max(...[...recorded].map((data) => Buffer.byteLength(data)));

test.for(['in memory', 'in S3'] as const)(
	'payloads %s: told whole, stored apart, and never in a state',
	{ timeout: 60_000 },
	async (where) => {
		const s3 = await s3Store();
		const { desk, history, told } = await greedyRun(where === 'in S3' ? s3.payloads : undefined);
		expect(desk.lines().at(-1)).toBe('closed: finished');
		expect(Object(told.at(-1))).toMatchObject({ told: expected, task: sha256(JSON.stringify(TASK)) });
		// Inputs of one plan, results of one turn and the answer are each above a whole state; together far above.
		expect(inputs.join('').length).toBeGreaterThan(STATE_BYTES);
		expect(CALLS * RESULT.length).toBeGreaterThan(3_000_000);

		// Task, intent, eight results, memory, answer. What a writer stored before it lost its place is named by nothing and stays.
		const stored =
			where === 'in S3'
				? new Set([...s3.objects.keys()].map((path) => path.replace('/payloads/', '')))
				: new Set(desk.state.payloads.keys());
		const named = desk.entries().flatMap(({ sealed }) => (sealed && 'payload' in sealed ? [sealed] : []));
		expect(named).toHaveLength(12);
		for (const { payload, sizeBytes } of named) {
			expect(stored).toContain(payload);
			expect(sizeBytes).toBeGreaterThan(INLINE_CONTENT_BYTES);
		}
		const bodies = (desk.state.chains.get(RUN) ?? []).map(({ body }) => Buffer.byteLength(body));
		expect(Math.max(...bodies)).toBeLessThan(ITEM_BYTES / 10);

		expect(moreThanIds(history.data())).toEqual([]);
		expect(largest(history.data())).toBeLessThan(STATE_BYTES / 50);
		expect(history.executions().length).toBeGreaterThan(CALLS);
		for (const { body } of desk.state.chains.get(RUN) ?? []) expect(body).not.toContain(MARK);
	},
);

test('what a plan must not hold is refused with its size, and no state carries it either', async () => {
	const history = recordedHistory();
	let plans = 0;
	const hostile: Planner = ({ happened }) => {
		plans += 1;
		const refused = happened.flatMap((one) => ('refusedPlan' in one ? [one.refusedPlan] : []));
		if (refused.length === 0) return { calls: [read(large('hostile', 2_000_000))] };
		if (refused.length === 1) return { calls: Array.from({ length: 32 }, () => read(large('hostile', 60_000))) };
		if (refused.length === 2) return { finish: large('hostile', 2_000_000) };
		return { finish: refused };
	};
	const desk = install({ agent: clerk(outsideWorld(), { planner: hostile }), observe: history.observe });
	await desk.run(null);
	expect(plans).toBe(4);
	expect(desk.lines()).toEqual(['opened', 'rejected: oversized', 'rejected: oversized', 'rejected: oversized', 'closed: finished']);
	expect(moreThanIds(history.data())).toEqual([]);
	expect([...desk.state.payloads.values()].every(({ length }) => length < INPUT_BYTES)).toBe(true);
});

test('control: a function that answers what its tool said is seen in the history', async () => {
	const history = recordedHistory();
	const naive = createMachines({
		functions: { invoke: async () => ({ status: 'ended', result: RESULT }) },
		registry: { begin: () => true, end: () => {} },
		hostId: 'naive',
		onStarted: () => {},
		observe: history.observe,
	});
	const input = { run: RUN, agent: 'clerk', epoch: 0, step: 1, tool: 'file.read', function: 'clerk_file_read', hint: 0 };
	const started = naive.start('step', { name: 'one', run: RUN, input });
	if (started.is === 'started') await started.ended;
	expect(moreThanIds(history.data()).join()).toMatch(/result is no id/);
	expect(largest(history.data())).toBeGreaterThan(STATE_BYTES);
});
