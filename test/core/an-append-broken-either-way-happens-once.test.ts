// L1, S3: a put that fails before or after its effect, or whose answer is lost, ends in one entry or none; never in two, and
// never in one that its writer believes not to be there.
import { describe, expect, test } from 'vitest';
import { Crash, type Fault, type FaultPlan } from '../../adapters/memory/faults.ts';
import { emptyState, type MemoryState } from '../../adapters/memory/store.ts';
import { PUTS_REPEATED } from '../../core/bounds.ts';
import { AppendUnknown, append, appendFirst, decideUntilPlaced, put, type Round } from '../../core/ledger/append.ts';
import { parseStored, sha256 } from '../../core/ledger/chain.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import { LedgerUnavailable } from '../../core/ports.ts';
import { intent, memoryOf, RUN, told } from '../doubles/ledger-builder.ts';
import { type Process, processOver } from '../doubles/store.ts';

const planned = told(intent('a.tool'));
const grant = { accessKeyId: 'A', role: 'r', notAfter: 0, windowMs: 1, policyDigest: sha256('p'), tokenDigest: sha256('t') };
const claim = { tool: 'a.tool', key: 'k', n: 1, run: RUN, step: 1, hint: 0 };
const write = { table: 'credits', key: 'c-1', add: { amountCents: 500 } };
const grantDraft = {
	...{
		kind: 'decision',
		epoch: 0,
		step: 1,
		verdict: 'allow',
		reason: 'policy',
		effect: 'transaction',
		policies: [],
		policyDigest: sha256('p'),
	},
	...{ approved: false, attempt: 1, grant, claim: { key: 'k', n: 1 } },
} as const;

/** Grants step 1 unless it is granted, as a guard does. What a crash leaves is carried on by the next process. */
async function grantOnce(process: Process): Promise<'granted' | 'known'> {
	return decideUntilPlaced(process.reader, { run: RUN }, async (view): Promise<Round<'granted' | 'known'>> => {
		if (view.state.steps[1]?.attempts.length) return { answer: 'known' };
		const content = { why: 'x'.repeat(5_000) };
		const written = await append(process, view, grantDraft as never, { content: content as never, together: { claim, writes: [write] } });
		return written.is === 'written' ? { answer: 'granted' } : 'again';
	});
}

const atFirst =
	(fault: Fault, port: 'ledger' | 'payloads' = 'ledger', verb = 'append'): FaultPlan =>
	(call) =>
		call.port === port && call.verb === verb && call.n === 1 ? fault : undefined;

/** S3: one attempt, one claim, one write, and the run is whole. */
function exactlyOnce(state: MemoryState): string | undefined {
	const stored = state.chains.get(RUN) ?? [];
	const grants = stored.filter((entry) => 'entry' in parseStored(entry) && entry.body.includes('"verdict":"allow"')).length;
	const credited = state.items.get(JSON.stringify(['credits', 'c-1']))?.amountCents;
	const claims = state.claims.get(JSON.stringify(['a.tool', 'k']))?.length;
	const check = verifyRun(RUN, stored);
	if (check.is === 'broken') return `broken at ${check.place}: ${check.why}`;
	return grants === 1 && credited === 500 && claims === 1 ? undefined : `${grants} grants, ${claims} claims, ${credited} credited`;
}

const broken: readonly Fault[] = ['crash-before', 'crash-after', 'unknown-not-written', 'unknown-written', 'unavailable'];

describe.for(broken)('the first put: %s', (fault) => {
	test('L1 then another try, by this process or the next', async () => {
		const state = memoryOf(planned);
		const first = await grantOnce(processOver(state, atFirst(fault))).catch((error: unknown) => error);
		if (fault.startsWith('crash')) expect(first).toBeInstanceOf(Crash);
		else if (fault === 'unavailable') expect(first).toBeInstanceOf(LedgerUnavailable);
		else expect(first).toBe('granted');
		const landed = fault !== 'crash-before' && fault !== 'unavailable';
		expect(await grantOnce(processOver(state))).toBe(landed ? 'known' : 'granted');
		expect(exactlyOnce(state)).toBeUndefined();
	});
});

test('L1 refused after a lost answer is unknown too: the first put may have landed', async () => {
	for (const fault of ['unknown-written', 'unknown-not-written'] as const) {
		const state = memoryOf(planned);
		const process = processOver(state, (call) => (call.verb !== 'append' ? undefined : call.n === 1 ? fault : 'unavailable'));
		await expect(grantOnce(process)).rejects.toThrow(AppendUnknown);
		expect(await grantOnce(processOver(state))).toBe(fault === 'unknown-written' ? 'known' : 'granted');
		expect(exactlyOnce(state)).toBeUndefined();
	}
});

test('L1 an answer that is lost every time is unknown, and the next reading knows', async () => {
	for (const fault of ['unknown-written', 'unknown-not-written'] as const) {
		const state = memoryOf(planned);
		// The first put is broken as named, those after it leave no trace.
		const process = processOver(state, (call) => (call.verb !== 'append' ? undefined : call.n === 1 ? fault : 'unknown-not-written'));
		await expect(grantOnce(process)).rejects.toThrow(AppendUnknown);
		expect(process.memory.counts.calls['ledger.append']).toBe(PUTS_REPEATED);
		expect(await grantOnce(processOver(state))).toBe(fault === 'unknown-written' ? 'known' : 'granted');
		expect(exactlyOnce(state)).toBeUndefined();
	}
});

test('L1 an answer that was lost while another took the place: decided again from there', async () => {
	const state = memoryOf(planned);
	const rival = processOver(state);
	const slow = processOver(state, atFirst('unknown-not-written'));
	const { ledger } = slow.store;
	let puts = 0;
	const racing = {
		...slow,
		store: {
			...slow.store,
			ledger: {
				...ledger,
				append: async (...args: Parameters<typeof ledger.append>) => {
					puts += 1;
					if (puts === 2) await grantOnce(rival);
					return ledger.append(...args);
				},
			},
		},
	};
	expect(await grantOnce(racing)).toBe('known');
	expect(exactlyOnce(state)).toBeUndefined();
});

test('a payload that could not be stored leaves no entry that points to it', async () => {
	const content = { reason: 'r', calls: [{ tool: 'a.tool', input: 'x'.repeat(9_000), purpose: 'p' }] };
	for (const fault of ['crash-before', 'crash-after', 'unknown-not-written', 'unknown-written'] as Fault[]) {
		const state = memoryOf(told());
		const process = processOver(state, atFirst(fault, 'payloads', 'put'));
		const view = await process.reader.read(RUN);
		const draft = { kind: 'intent', epoch: 0, readTo: 0, calls: [{ step: 1, tool: 'a.tool', call: sha256('c') }] } as const;
		await expect(append(process, view, draft, { content })).rejects.toThrow();
		expect(state.chains.get(RUN)).toHaveLength(1);
	}
});

describe.for(broken)('opening a run: %s', (fault) => {
	const draft = {
		kind: 'opened',
		epoch: 0,
		agent: 'desk',
		driver: 'planner',
		by: 'local:alice',
		budget: { steps: 1, turns: 1, spend: null },
		code: sha256('c'),
	} as const;
	test.for([
		['the key', 'keys', 'create'],
		['the entry', 'ledger', 'append'],
	] as const)('L1 %s', async ([, port, verb]) => {
		const state = emptyState();
		const plan: FaultPlan = (call) => (call.port === port && call.verb === verb && call.n === 1 ? fault : undefined);
		await appendFirst(processOver(state, plan).store, RUN, draft, 'a task').catch(() => undefined);
		await appendFirst(processOver(state).store, RUN, draft, 'a task');
		const { store, reader } = processOver(state);
		expect(state.chains.get(RUN)).toHaveLength(1);
		// The task opens under the key that stands.
		expect((await reader.read(RUN)).key).toEqual(await store.keys.get(RUN));
	});
});

test('the control: whoever makes a new entry after a lost answer writes twice', async () => {
	const state = memoryOf(planned);
	const process = processOver(state, atFirst('unknown-written'));
	const naive = async (): Promise<void> => {
		const view = await process.reader.read(RUN);
		const answer = await process.store.ledger.append(
			{ chain: RUN, place: view.state.head.place + 1, body: `{"verdict":"allow","n":${Math.random()}}` },
			{ writes: [write] },
		);
		if (answer.is !== 'unknown') return;
		await process.store.ledger.append({ chain: RUN, place: view.state.head.place + 2, body: '{"verdict":"allow"}' }, { writes: [write] });
	};
	await naive();
	expect(exactlyOnce(state)).toBeDefined();
	expect(state.items.get(JSON.stringify(['credits', 'c-1']))?.amountCents).toBe(1_000);
});

test('a conflict with one’s own bytes means that it had landed; with others’ it does not', async () => {
	const state = memoryOf(planned);
	const { store } = processOver(state);
	const [own] = planned.stored;
	expect(await put(store, own as never)).toEqual({ is: 'appended' });
	expect(await put(store, { chain: RUN, place: 0, body: '{}' })).toEqual({ is: 'conflict', holder: own });
});
