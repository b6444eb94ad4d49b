/** An id that was used before: the same task or another one is told apart, and where that can't be read, nothing is guessed. */
import { expect, test } from 'vitest';
import { createReader } from '../../core/ledger/read.ts';
import { open } from '../../functions/open/open.ts';
import { clerk, plans } from '../doubles/clerk.ts';
import { BY, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

/** Larger than an entry takes: it lies in the payload store. */
const LARGE = 'x'.repeat(50_000);

async function opened(text: string) {
	const desk = install({ agent: clerk(outsideWorld()) });
	const task = (of: string) => ({ plans: [], text: of });
	/** As another process would open it. */
	const again = (of = text) => {
		const { operator } = desk;
		return open({ run: RUN, task: task(of), by: BY }, { ...operator, reader: createReader(operator.store), code: '0'.repeat(64) });
	};
	expect(await again()).toEqual({ is: 'opened', run: RUN });
	return { desk, again };
}

test('the same, and another', async () => {
	const { again } = await opened('a');
	expect(await again()).toMatchObject({ is: 'exists', same: true });
	expect(await again('b')).toMatchObject({ is: 'exists', same: false });
});

test('its payload gone: the ledger is damaged, and its key is not to blame', async () => {
	const { desk, again } = await opened(LARGE);
	expect(desk.state.payloads.size).toBe(1);
	desk.state.payloads.clear();
	await expect(again()).rejects.toMatchObject({ name: 'LedgerBroken', message: expect.stringContaining('its payload is gone') });
});

test('its key destroyed: an error while it is open, and nobody can tell once it is over', async () => {
	const { desk, again } = await opened('a');
	await desk.operator.store.keys.destroy(RUN);
	await expect(again()).rejects.toMatchObject({ name: 'RunKeyLost' });

	const over = install({ agent: clerk(outsideWorld()) });
	const task = plans();
	expect([await over.run(task), over.lines().at(-1)]).toEqual([{ is: 'opened', run: RUN }, 'closed: finished']);
	const { store } = over.operator;
	await store.keys.destroy(RUN);
	const asked = await open({ run: RUN, task, by: BY }, { ...over.operator, reader: createReader(store), code: '0'.repeat(64) });
	expect(asked).toEqual({ is: 'exists', run: RUN, agent: over.agent.name, same: null });
});
