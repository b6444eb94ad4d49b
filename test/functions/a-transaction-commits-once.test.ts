/** A transaction's writes land with its outcome or not at all, whichever attempts report and wherever a process ends. */
import { expect, test } from 'vitest';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Store } from '../../core/ledger/read.ts';
import type { GuardRequest } from '../../functions/guard/protocol.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install } from '../doubles/driver.ts';
import { faultOnce } from '../doubles/functions.ts';
import { die } from '../doubles/mortal.ts';
import { CUT_OFF, outsideWorld } from '../doubles/outside.ts';

const GUARD = 'clerk_book_post__guard';
const task = plans([call('book.post', 'account', 7)]);
const posted = (desk: Installation) => desk.state.items.get(JSON.stringify(['book', 'account']))?.posted ?? 0;
const once = (desk: Installation) => expect(posted(desk)).toBe(7);

test.for(CUT_OFF)('an attempt that %s is granted again at once, and its writes land once', async (fate) => {
	const outside = outsideWorld();
	outside.next('draft', fate);
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'granted 1.2', 'done 1.2 by guard', 'closed: finished']);
	expect(desk.waits).toEqual([]);
	once(desk);
});

/** Keeps the first attempt's report back; its process ends. Gives it to `deliver` when the second attempt reports. */
function bothReport(deliver: 'before' | 'after') {
	let kept: GuardRequest | undefined;
	return install({
		agent: clerk(outsideWorld()),
		door: async (request, ask) => {
			if (request.ask !== 'report') return ask(request);
			if (!kept) {
				kept = request;
				return die();
			}
			if (deliver === 'before') await ask(kept);
			const answer = await ask(request);
			if (deliver === 'after') await ask(kept);
			return answer;
		},
	});
}

test.for(['before', 'after'] as const)('two attempts report, the first %s the second: one commits', async (deliver) => {
	const desk = bothReport(deliver);
	await desk.run(task);
	const committed = deliver === 'before' ? 'done 1.1 by guard' : 'done 1.2 by guard';
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'granted 1.2', committed, 'closed: finished']);
	once(desk);
});

const faults = ['crash-before', 'crash-after', 'unknown-not-written', 'unknown-written'] as const;
test.for(faults)('%s while the guard commits: the writes land once', async (fault) => {
	const desk = install({ agent: clerk(outsideWorld()), fault: faultOnce({ at: 'ledger.append', function: GUARD, n: 2 }, fault) });
	await desk.run(task);
	expect(desk.lines().at(-1)).toBe('closed: finished');
	once(desk);
});

test('control: writes made apart from their outcome land twice, and the check sees it', async () => {
	const desk = install({
		agent: clerk(outsideWorld()),
		store: writesApart,
		// The outcome is the guard's third append there: grant, writes, outcome.
		fault: faultOnce({ at: 'ledger.append', function: GUARD, n: 3 }, 'crash-before'),
	});
	await desk.run(task);
	expect(() => once(desk)).toThrow();
});

let apart = 0;
function writesApart(store: Store): Store {
	const append = async (entry: StoredEntry, together: Parameters<Store['ledger']['append']>[1] = {}) => {
		const { writes, ...rest } = together;
		apart += 1;
		if (writes) await store.ledger.append({ chain: `apart-${apart}`, place: 0, body: '{}' }, { writes });
		return store.ledger.append(entry, rest);
	};
	return {
		...store,
		ledger: { ...store.ledger, generation: store.ledger.generation, read: store.ledger.read, latest: store.ledger.latest, append },
	};
}
