/** The crash exploration steps through the definitions by itself; call by call it does what aws-local-stepfunctions does. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import type { Json, StepIds } from '../../core/ids.ts';
import { createMachines, type ExecutionEnd } from '../../local/machines.ts';
import { errand, RUN } from '../crash/explore/scenarios/clerk.ts';
import { choices } from '../crash/world/choices.ts';
import { noFault } from '../crash/world/crossing.ts';
import { awaits, deliver, nextWake, orderAt, type Result, start, tasksOf, wake } from '../crash/world/executions.ts';
import { machines } from '../crash/world/machine.ts';
import { perform } from '../crash/world/perform.ts';
import { emptyWorld } from '../crash/world/world.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install } from '../doubles/driver.ts';
import { faultOnce } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** Who is called with what, in turn for each function and step: side by side, the order between steps is nobody's promise. */
type Calls = { [of: string]: Json[] };
function noted(calls: Calls, name: string, event: Json): number {
	const of = `${name} ${Object(event).step ?? ''}`;
	calls[of] = [...(calls[of] ?? []), event];
	return calls[of].length;
}

const MOST = 6;
type Answers = readonly (Json | Error)[];
type Script = { readonly plans: Answers; readonly steps: Answers; readonly resumes: Answers; readonly intakes: Answers };
/** The `n`th call of a function is answered by the script; past its end, everything is over. */
function answer(script: Script, name: string, event: Json, n: number): Json | Error {
	const said = (answers: Answers, over: Json) => (n > MOST ? over : (answers[(n - 1) % answers.length] ?? over));
	if (name === 'resume') return said(script.resumes, resumed('nothing'));
	if (name.endsWith('-intake')) return said(script.intakes, ids(1));
	if (name.endsWith('-plan')) return said(script.plans, planned('closed', []));
	// Steps beside each other are answered differently.
	const step = Number(Object(event).step);
	const turned = [...script.steps.slice(step % script.steps.length), ...script.steps.slice(0, step % script.steps.length)];
	return said(turned, { status: 'ended' });
}

const ids = (step: number): StepIds => ({
	run: RUN,
	agent: 'clerk',
	epoch: 1,
	step,
	tool: 'pay.send',
	function: 'clerk_pay_send',
	hint: 3,
});
const planned = (next: string, steps: number[]): Json => ({ next, run: RUN, agent: 'clerk', epoch: 1, hint: 2, steps: steps.map(ids) });
const resumed = (next: string, steps: number[] = []): Json => {
	const common = { next, why: 'resumed', run: RUN, agent: 'clerk', epoch: 1, hint: 0, pauseSeconds: 2 };
	return { ...common, name: `${RUN}-1`, steps: steps.map(ids) };
};
const error = fc
	.constantFrom('RunNotFound', 'GuardRefused', 'LedgerBroken', 'Runtime.ExitError', 'Sandbox.Timedout', 'FunctionFailed')
	.map((name) => Object.assign(new Error(name), { name }));
const diverged = fc.constantFrom('CallDiverged', 'CallRefused').map((name) => Object.assign(new Error(name), { name }));
const someSteps = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const script: fc.Arbitrary<Script> = fc.record({
	plans: fc.array(
		fc.oneof(
			{ arbitrary: someSteps.map((steps) => planned('act', steps)), weight: 4 },
			fc.constantFrom('plan', 'hand-over', 'wait', 'closed', 'fenced', 'nonsense').map((next) => planned(next, [])),
			error,
		),
		{ minLength: 1, maxLength: 5 },
	),
	steps: fc.array(
		fc.oneof(
			fc.constantFrom<Json>(
				{ status: 'ended' },
				{ status: 'held' },
				{ status: 'fenced' },
				{ status: 'unrecorded' },
				{ status: 'nonsense' },
			),
			fc.constantFrom<Json>(
				{ status: 'in-doubt', waitSeconds: 16, attempts: [1] },
				{ status: 'in-doubt', waitSeconds: 0, attempts: [1, 2] },
			),
			fc.constantFrom<Json>({ status: 'again', waitSeconds: 0 }, { status: 'again', waitSeconds: 1 }),
			error,
		),
		{ minLength: 1, maxLength: 6 },
	),
	intakes: fc.array(fc.oneof(fc.constantFrom<Json>(ids(1), { ...ids(1), epoch: 2 }), error, diverged), { minLength: 1, maxLength: 3 }),
	resumes: fc.array(
		fc.oneof(
			someSteps.map((steps) => resumed('settle', steps)),
			fc.constantFrom('start', 'nothing', 'nonsense').map((next) => resumed(next)),
			error,
		),
		{ minLength: 1, maxLength: 4 },
	),
});
const begun = [
	{ machine: 'agent-run', input: { run: RUN, agent: 'clerk', epoch: 0, hint: 0 } },
	{ machine: 'recover', input: { run: RUN, reason: 'recovery' } },
	{ machine: 'step', input: ids(1) },
	{ machine: 'step', input: { ...ids(1), call: call('pay.send') } },
] as const;

async function byLibrary(script: Script, { machine, input }: (typeof begun)[number]): Promise<Calls> {
	const calls: Calls = {};
	const names = new Set<string>();
	const underWay: Promise<ExecutionEnd>[] = [];
	const library = createMachines({
		functions: {
			invoke: async (name, event) => {
				const said = answer(script, name, event as Json, noted(calls, name, event as Json));
				if (said instanceof Error) throw said;
				return said;
			},
		},
		registry: { begin: ({ name }) => !names.has(name) && Boolean(names.add(name)), end: () => {} },
		hostId: 'test',
		onStarted: (_machine, _run, ended) => void underWay.push(ended),
		retryPace: 0,
		waits: 'none',
	});
	const first = library.start(machine, { name: 'first', run: RUN, input });
	if (first.is === 'started') underWay.push(first.ended);
	for (let index = 0; index < underWay.length; index += 1) await underWay[index];
	// Branches beside one that failed go on for themselves.
	await new Promise((resolve) => setTimeout(resolve, 5));
	return calls;
}

function byStepping(script: Script, { machine, input }: (typeof begun)[number]): Calls {
	const calls: Calls = {};
	const world = emptyWorld();
	start(world, { machine, name: 'first', input });
	for (;;) {
		const address = world.executions.flatMap(tasksOf)[0];
		if (!address && nextWake(world) === undefined) return calls;
		if (!address) {
			wake(world);
			continue;
		}
		const order = orderAt(world, address);
		if (!order) throw new Error('a task that is to be done says what');
		const { resource, parameters } = order;
		if (resource === 'arn:aws:states:::lambda:invoke') {
			const name = String(parameters.FunctionName);
			const event = parameters.Payload as Json;
			const said = answer(script, name, event, noted(calls, name, event));
			const result: Result = said instanceof Error ? { is: 'error', error: said.name } : { is: 'answer', answer: { Payload: said } };
			deliver(world, address, result);
			continue;
		}
		const waits = resource.endsWith('.sync:2');
		const fresh = start(world, {
			machine: parameters.StateMachineArn as 'step',
			name: parameters.Name as string | undefined,
			input: parameters.Input as { run: string } & Json,
			...(waits && { parent: { id: address.execution, branch: address.branch } }),
		});
		if (!fresh) deliver(world, address, { is: 'error', error: 'StepFunctions.ExecutionAlreadyExistsException' });
		else if (waits) awaits(world, address, world.started);
		else deliver(world, address, { is: 'answer', answer: { ExecutionArn: 'started' } });
	}
}

property.prop([script, fc.constantFrom(...begun)], { numRuns: 150 })(
	'whatever the functions answer, they are called alike',
	async (said, first) => {
		expect(byStepping(said, first)).toEqual(await byLibrary(said, first));
	},
);

test('control: an interpreter that gives up too early is told apart', async () => {
	const state = machines['agent-run'].States.Plan;
	if (state?.Type !== 'Task' || !state.Retry?.[1]) throw new Error('Plan is tried again');
	const said: Script = { plans: [new Error('no')], steps: [{ status: 'ended' }], resumes: [resumed('nothing')], intakes: [ids(1)] };
	const retrier = state.Retry[1];
	const before = retrier.MaxAttempts;
	retrier.MaxAttempts = before - 1;
	try {
		expect(byStepping(said, begun[0])).not.toEqual(await byLibrary(said, begun[0]));
	} finally {
		retrier.MaxAttempts = before;
	}
	expect(byStepping(said, begun[0])).toEqual(await byLibrary(said, begun[0]));
});

const all = ['file.read', 'book.post', 'pay.send', 'pay.trace', 'parcel.send', 'letter.send'].map((tool) => call(tool));
const tasks = { 'one after another': all.map((one) => [one]), 'side by side': [all] };
const ports = ['ledger.append', 'ledger.read', 'keys.get', 'issuer.issue', 'guard.ask'] as const;
const ends = ['crash-before', 'crash-after', 'unavailable', 'unknown-written'] as const;
const broken = ports.flatMap((at) => ends.map((kind) => ({ at, kind })));

/** The shipped functions in both. Side by side they race for places in the library, so that a fault there meets another call. */
test.for(
	Object.entries(tasks).flatMap(([name, proposed]) => [
		{ name, proposed, fault: undefined },
		...(name === 'side by side' ? [] : broken).map((fault) => ({ name, proposed, fault })),
	]),
)('$name, $fault: the shipped functions are called alike', { timeout: 30_000 }, async ({ proposed, fault }) => {
	const by = fault?.at === 'guard.ask' ? 'clerk_parcel_send' : 'clerk_parcel_send__guard';
	const outside = outsideWorld();
	outside.honoursKeys.add('pay').add('trace');
	const desk = install({
		agent: clerk(outside),
		readers: 'cold',
		...(fault && { fault: faultOnce({ at: fault.at, function: by, n: 1 }, fault.kind) }),
	});
	await desk.run(plans(...proposed));
	const library: Calls = {};
	for (const { function: name, event } of desk.invocations) noted(library, name, withoutToken(event));

	const scenario = errand('agreement', { plans: { [RUN]: proposed } });
	const stepped: Calls = {};
	let world = await scenario.begin();
	let isBroken = false;
	for (;;) {
		const [next] = (await choices(scenario, world)).filter(({ is }) => is === 'task' || is === 'owed' || is === 'wait');
		if (!next) break;
		let done = await perform(scenario, world, next, noFault);
		const index = done.crossings.findIndex((crossing) => crossing.at === fault?.at && crossing.by === by);
		if (fault && index >= 0 && !isBroken) {
			isBroken = true;
			done = await perform(scenario, world, next, new Map([[index, fault.kind]]));
		}
		for (const { function: name, event } of done.invocations) noted(stepped, name, withoutToken(event));
		world = done.world;
	}
	expect(isBroken).toBe(fault !== undefined);
	expect(stepped).toEqual(library);
});

/** Tokens are drawn at random, and receipts are numbered, in whatever order things happen side by side. */
const withoutToken = (event: Json): Json =>
	JSON.parse(
		JSON.stringify(event)
			.replaceAll(/"token":"[^"]*"/g, '"token":"drawn"')
			.replaceAll(/receipt \d+/g, 'receipt'),
	);
