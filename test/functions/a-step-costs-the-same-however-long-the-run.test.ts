/**
 * Requests counted at the ports, for an unkeyed call with small content: three writes a step, and one bounded query of the
 * run for each function that is invoked, at step 10 as at step 5,000, in a warm process and a new one.
 */
import { expect, test } from 'vitest';
import counter from '../../bench/agents/counter/agent.ts';
import { ENTRIES_PER_CHECKPOINT, ENTRIES_PER_EXECUTION, ENTRIES_PER_QUERY } from '../../core/bounds.ts';
import type { Store } from '../../core/ledger/read.ts';
import type { Happened } from '../../index.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import type { Invocation } from '../doubles/functions.ts';
import { outsideWorld } from '../doubles/outside.ts';

const STEPS = 5_000;
/** Where processes are new for as many steps as there are between two memories. */
const coldAt = (step: number): boolean => (step >= 40 && step < 70) || (step >= 4_940 && step < 4_970);

/** What the functions of one step asked of the ledger: its plan, its grant, its report. */
type Cost = { step: number; plan: Asked; grant: Asked; report: Asked };
type Asked = { run: number[]; control: number; appends: string[] };

async function countTo(steps: number): Promise<{ desk: Installation; costs: Cost[] }> {
	let step = 0;
	const planner = (situation: Parameters<NonNullable<typeof counter.planner>>[0]) => {
		step = stepsSoFar(situation) + 1;
		return counter.planner?.(situation) ?? { finish: null };
	};
	const desk = install({ agent: { ...counter, planner }, readers: () => (coldAt(step) ? 'cold' : 'warm') });
	await desk.run({ steps });
	return { desk, costs: costsOf(desk) };
}
const stepsSoFar = ({ memory, happened }: { memory: unknown; happened: readonly Happened[] }) => Number(memory ?? 0) + happened.length;

function costsOf(desk: Installation): Cost[] {
	const of = (kind: string) => desk.invocations.filter((one) => kindOf(one) === kind);
	const plans = of('plan');
	const grants = of('act');
	const reports = of('report');
	return grants.flatMap((grant, index) => {
		const [plan, report] = [plans[index], reports[index]];
		if (!plan || !report) return [];
		return [{ step: index + 1, plan: asked(plan), grant: asked(grant), report: asked(report) }];
	});
}
/** An epoch's last plan hands over and belongs to no step. */
function kindOf({ function: name, event, answer }: Invocation): string {
	if (name === 'counter-plan') return Object(answer).next === 'act' ? 'plan' : 'other';
	return name === 'counter_count_up__guard' ? String(Object(event).ask) : 'other';
}
const asked = ({ queries, appends }: Invocation): Asked => ({
	run: queries.filter(({ chain }) => chain === RUN).map(({ entries }) => entries),
	control: queries.filter(({ chain }) => chain !== RUN).length,
	appends: appends.map(({ body }) => JSON.parse(body).kind),
});

let whole: Awaited<ReturnType<typeof countTo>>;
test('5,000 steps over many epochs, in one ledger that verifies', { timeout: 120_000 }, async () => {
	whole = await countTo(STEPS);
	expect(whole.costs).toHaveLength(STEPS);
	expect(whole.desk.lines().at(-1)).toBe('closed: finished');
	const handedOver = whole.desk.lines().filter((line) => line.endsWith(': handover'));
	expect(handedOver).toHaveLength(Math.floor(whole.desk.entries().length / ENTRIES_PER_EXECUTION));
	expect(whole.desk.check()).toMatchObject({ is: 'whole' });
});

/** From the second step on where processes change, since the plan of the first is still of the kind before. */
const stretches: [string, (cost: Cost) => boolean][] = [
	['warm, from step 10', ({ step }) => step >= 10 && step < 40],
	['warm, to step 5,000', ({ step }) => step >= 4_972],
	['cold, from step 40', ({ step }) => step > 40 && step < 70],
	['cold, from step 4,940', ({ step }) => step > 4_940 && step < 4_970],
];

test.for(stretches)('%s: three writes a step, and a checkpoint now and then', ([, within]) => {
	const costs = whole.costs.filter(within);
	expect(costs.length).toBeGreaterThan(25);
	for (const { plan, grant, report } of costs) {
		expect(plan.appends.filter((kind) => kind !== 'checkpoint')).toEqual(['intent']);
		expect(grant.appends).toEqual(['decision']);
		expect(report.appends).toEqual(['outcome']);
	}
});

test.for(stretches)('%s: one query of at most 50 entries for a grant and a report, with 4 and 0 of control chains', ([, within]) => {
	for (const { grant, report } of whole.costs.filter(within)) {
		expect(grant.run).toHaveLength(1);
		expect(report.run).toHaveLength(1);
		expect(Math.max(...grant.run, ...report.run)).toBeLessThan(ENTRIES_PER_QUERY);
		expect([grant.control, report.control]).toEqual([4, 0]);
	}
});

test.for(stretches.slice(0, 2))('%s: one query for a plan, with 2 of control chains', ([, within]) => {
	for (const { plan } of whole.costs.filter(within)) {
		expect(plan.run).toHaveLength(1);
		expect(plan.control).toBe(2);
	}
});

test.for(stretches.slice(2))('%s: a plan in a new process reads a page, the task, and the call that its memory came with', ([, within]) => {
	const costs = whole.costs.filter(within);
	for (const { plan } of costs) {
		const [page, ...single] = plan.run;
		expect(page).toBeLessThan(ENTRIES_PER_QUERY);
		expect(single.length).toBeLessThanOrEqual(2);
		expect(single.every((entries) => entries === 1)).toBe(true);
		expect(plan.control).toBe(2);
	}
});

test('control: a process that reads from the start asks more the longer the run is, and the check sees it', async () => {
	const queriesOf = async (steps: number): Promise<number> => {
		const desk = install({ agent: counter, readers: 'cold', store: (store) => ({ ...store, ledger: forgettingHints(store.ledger) }) });
		await desk.run({ steps });
		return Math.max(...costsOf(desk).map(({ grant }) => grant.run.length));
	};
	expect(await queriesOf(10)).toBe(1);
	expect(await queriesOf(60)).toBeGreaterThan(2);
});

/** No page from the middle of a run is answered: every reading has to begin at its start. */
function forgettingHints(ledger: Store['ledger']): Store['ledger'] {
	let last = -1;
	const { generation, latest, append } = ledger;
	const read: Store['ledger']['read'] = async (chain, at) => {
		const page = await ledger.read(chain, at);
		const goesOn = at.from === 0 || at.limit === 1 || at.from === last + 1;
		last = page.at(-1)?.place ?? -1;
		return goesOn ? page : page.slice(1);
	};
	return { generation, read, latest, append };
}

test('a hand-over reads two pages at most', () => {
	const resumes = whole.desk.invocations.filter(({ function: name }) => name === 'resume').map(asked);
	expect(resumes.length).toBeGreaterThan(5);
	for (const { run, control } of resumes) {
		expect(run.length).toBeLessThanOrEqual(2);
		expect(control).toBe(2);
	}
});

test('a checkpoint stands at least every 46 entries', () => {
	const places = [0, ...whole.desk.entries().flatMap((entry) => (entry.kind === 'checkpoint' ? [entry.place] : []))];
	const apart = places.slice(1).map((place, index) => place - (places[index] ?? 0));
	expect(Math.max(...apart)).toBeLessThanOrEqual(ENTRIES_PER_CHECKPOINT);
	// And with memory every thirteenth step here: a sixth of a write a step is the most that they add.
	expect(apart.length / STEPS).toBeLessThan(1 / 6);
});

test('a guard that was last asked hundreds of entries ago reads one page', async () => {
	const outside = outsideWorld();
	const reads = Array.from({ length: 150 }, (_, index) => [call('file.read', `${index}`)]);
	const desk = install({ agent: clerk(outside, { budget: { steps: 200, turns: 200 } }) });
	await desk.run(plans([call('letter.send', 'first')], ...reads, [call('letter.send', 'last')]));
	expect(desk.lines().at(-1)).toBe('closed: finished');
	const asks = desk.invocations.filter(({ function: name }) => name === 'clerk_letter_send__guard').map(asked);
	expect(asks.map(({ run }) => run.length)).toEqual([1, 1, 1, 1]);
	expect(Math.max(...asks.flatMap(({ run }) => run))).toBeLessThanOrEqual(ENTRIES_PER_QUERY);
});

test('32 calls of one plan side by side: who loses a place reads on from there, only what is new', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside), readers: 'cold' });
	await desk.run(plans(Array.from({ length: 32 }, (_, index) => call('letter.send', `${index}`))));
	expect(outside.effects).toHaveLength(32);
	const guards = desk.invocations.filter(({ function: name }) => name === 'clerk_letter_send__guard').map(asked);
	const entries = desk.entries().length;
	for (const { run, appends } of guards) {
		expect(Math.max(...run)).toBeLessThanOrEqual(ENTRIES_PER_QUERY);
		// Each reading on begins with the head it knows; one page may have been full.
		expect(run.length).toBeLessThanOrEqual(appends.length + 2);
		expect(run.reduce((sum, read) => sum + read, 0)).toBeLessThanOrEqual(entries + run.length);
	}
});
