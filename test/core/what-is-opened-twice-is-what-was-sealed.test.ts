// A process keeps what it has opened or written. Whoever changes what they were given, or gave, changes nobody else's reading.
import { expect, test } from 'vitest';
import { append } from '../../core/ledger/append.ts';
import { entryAt, openContent } from '../../core/ledger/read.ts';
import { checkpoint, memoryOf, RUN, told } from '../doubles/ledger-builder.ts';
import { processOver } from '../doubles/store.ts';

const golden = told(checkpoint({ memory: { seen: ['o-1'] } }));

type Memory = { seen: string[] };
async function memoryIn({ store, reader }: ReturnType<typeof processOver>, place: number): Promise<Memory> {
	const view = await reader.read(RUN, { hint: 0 });
	const entry = await entryAt(store, view, place);
	const content = entry.kind === 'checkpoint' ? await openContent(store, entry, view.key) : undefined;
	return content?.memory as Memory;
}

test('a planner that changes its memory in place does not change the ledger’s', async () => {
	const process = processOver(memoryOf(golden));
	const first = await memoryIn(process, 1);
	first.seen.push('o-2');
	expect(await memoryIn(process, 1)).toEqual({ seen: ['o-1'] });
});

test('a writer that changes afterwards what it wrote does not either', async () => {
	const state = memoryOf(golden);
	const process = processOver(state);
	const memory = { seen: ['o-1', 'o-2'] };
	const view = await process.reader.read(RUN);
	const { state: clear } = checkpoint()(view.state).draft as { state: Record<string, unknown> };
	const written = await append(process, view, { kind: 'checkpoint', epoch: 0, state: clear, memory: 1 } as never, {
		content: { facts: [], memory } as never,
	});
	expect(written.is).toBe('written');
	memory.seen.push('o-3');
	expect(await memoryIn(process, 2)).toStrictEqual({ seen: ['o-1', 'o-2'] });
	expect(await memoryIn(processOver(state), 2)).toStrictEqual({ seen: ['o-1', 'o-2'] });
});
