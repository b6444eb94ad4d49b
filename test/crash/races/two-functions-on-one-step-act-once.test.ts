/** S2: two processes are given the same step of the same epoch at once. One is granted; the other waits, and asks again. */
import { expect, test } from 'vitest';
import type { Store } from '../../../core/ledger/read.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { install, RUN } from '../../doubles/driver.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';
import { once, scene } from './in-turn.ts';

const both = { tool: 'letter.send', function: 'clerk_letter_send' };

/** Whoever asks first reads, and holds until the other has read the same. */
const readTogether = (): ((store: Store, name: string) => Store) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	let reading = 0;
	return (store, name) => {
		if (!name.endsWith('letter_send__guard')) return store;
		const { generation, read, append } = store.ledger;
		const latest: Store['ledger']['latest'] = async (chain, limit) => {
			const entries = await store.ledger.latest(chain, limit);
			reading += chain === '@all' ? 1 : 0;
			if (reading >= 2) resolve();
			await promise;
			return entries;
		};
		return { ...store, ledger: { generation, read, append, latest } };
	};
};

async function sameStepTwice(store: (store: Store, name: string) => Store): Promise<Outside> {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside), readers: 'cold', store });
	await desk.begin(plans([call('letter.send')]));
	// A second function for the step that the execution is about to do.
	const event = { state: 'Act', run: RUN, epoch: 0, step: 1, tool: both.tool, hint: 0 };
	const planned = async (): Promise<void> => {
		while (!desk.lines().includes('planned 1')) await new Promise((resolve) => setImmediate(resolve));
	};
	await planned();
	await Promise.allSettled([desk.invoke(both.function, event), desk.settled(RUN)]);
	return outside;
}
const actedOnce = (outside: Outside) => expect(outside.effectsOf('letter')).toHaveLength(1);

test('both have read the same ledger: one place, one grant, one effect', async () => {
	actedOnce(await sameStepTwice(readTogether()));
});

test('control: guards that take a lost place for their own act twice, and the check sees it', async () => {
	const together = readTogether();
	const outside = await sameStepTwice((store, name) => {
		const { generation, read, latest, append } = together(store, name).ledger;
		const taken: Store['ledger']['append'] = async (entry, more) => {
			const answer = await append(entry, more);
			return answer.is === 'conflict' ? { is: 'appended' } : answer;
		};
		return { ...store, ledger: { generation, read, latest, append: name.endsWith('__guard') ? taken : append } };
	});
	expect(() => actedOnce(outside)).toThrow();
});

test.for([...(['letter.send', 'fax.send', 'parcel.send', 'crate.send', 'pay.send', 'pay.trace', 'book.post', 'file.read'] as const)])(
	'%s delivered twice at once, or left behind by a machine that tries again',
	async (tool) => {
		for (const is of ['side-by-side', 'left-behind'] as const) {
			for (const where of ['invoke', 'guard.ask'] as const) {
				for (const at of [0, 8, 20]) {
					const { world, findings } = await scene([tool], [once(where, { is }, at)]);
					expect([is, where, at, findings]).toEqual([is, where, at, []]);
					expect(world.sinks.journal.effects.filter(({ sink }) => sink !== 'file.read' && sink !== 'book.post').length).toBeLessThanOrEqual(
						1,
					);
				}
			}
		}
	},
);
