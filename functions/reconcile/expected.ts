/** What should be seen of each step of a run, as its tools say of the calls that its ledger holds. */
import type { Agent } from '../../core/agent/agent.ts';
import { type Expectation, erased, expectationOf } from '../../core/audit/sight.ts';
import { hashOf, parseStored } from '../../core/ledger/chain.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import { openContent, type Store } from '../../core/ledger/read.ts';

/** A step whose call can't be read, or whose tool is not there any more, is `unwitnessable`: nobody can say what should be seen. */
export async function expectedOf(
	run: string,
	stored: readonly StoredEntry[],
	{ store, agent }: { store: Pick<Store, 'keys' | 'payloads'>; agent: Agent | undefined },
): Promise<Map<number, Expectation>> {
	const expected = new Map<number, Expectation>();
	const [first] = stored;
	if (!first || !agent) return expected;
	const key = await store.keys.get(run);
	const root = hashOf(first);
	for (const one of stored) {
		const parsed = parseStored(one);
		if ('broken' in parsed || parsed.entry.kind !== 'intent') continue;
		const { entry } = parsed;
		const content = entry.kind === 'intent' && key ? await openContent(store, entry, key) : undefined;
		for (const [index, { step, tool: name }] of entry.calls.entries()) {
			const tool = agent.tools.get(name);
			const call = content?.calls[index];
			if (!key) expected.set(step, erased);
			else if (!call) expected.set(step, { is: 'unwitnessable', why: 'unreadable' });
			else if (tool) expected.set(step, expectationOf(tool, { input: call.input, idempotencyKey: idempotencyKey(root, step) }));
		}
	}
	return expected;
}
