// S4: the type system makes a tool say it. Each line below that must not compile is checked by `tsc`, which `npm run check` runs.
import { expect, expectTypeOf, test } from 'vitest';
import { defineTool, type Tool, type ToolSpec } from '../../../index.ts';
import { common, lookup, run, runTransaction, visibleWithinMs } from './declarations.ts';

type Spec = ToolSpec<typeof common.input, typeof common.output>;
/** Compiles its argument; nothing runs. */
const declared = (_tool: () => Tool): void => {};

test('each effect with all it needs', () => {
	const tools = [
		defineTool({ ...common, effect: 'read', run }),
		defineTool({ ...common, effect: 'transaction', tables: ['credits'], run: runTransaction }),
		defineTool({ ...common, effect: 'replay', keyHonouredForMs: 60_000, fencedBy: 'credentials', run }),
		defineTool({ ...common, effect: 'replay', keyHonouredForMs: 60_000, fencedBy: 'runtime', run, lookup, visibleWithinMs }),
		defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs }),
		defineTool({ ...common, effect: 'manual', fencedBy: 'credentials', run }),
	];
	expect(tools.map((tool) => [tool.effect, tool.fencedBy, tool.lookup !== undefined])).toEqual([
		['read', 'runtime', false],
		['transaction', 'runtime', false],
		['replay', 'credentials', false],
		['replay', 'runtime', true],
		['lookup', 'runtime', true],
		['manual', 'credentials', false],
	]);
	expectTypeOf<Spec['effect']>().toEqualTypeOf<'read' | 'transaction' | 'replay' | 'lookup' | 'manual'>();
});

test('no effect, or one that there is not', () => {
	// @ts-expect-error: it does not say what a crash means.
	declared(() => defineTool({ ...common, run }));
	// @ts-expect-error: nor does this.
	declared(() => defineTool({ ...common, effect: 'write', run }));
});

test('a read', () => {
	// @ts-expect-error: it has no zombie to be fenced.
	declared(() => defineTool({ ...common, effect: 'read', run, fencedBy: 'runtime' }));
	// @ts-expect-error: it is never looked up.
	declared(() => defineTool({ ...common, effect: 'read', run, lookup, visibleWithinMs }));
	// @ts-expect-error: it writes nothing.
	declared(() => defineTool({ ...common, effect: 'read', run, tables: ['credits'] }));
	// @ts-expect-error: it needs no key.
	declared(() => defineTool({ ...common, effect: 'read', run, keyHonouredForMs: 1 }));
	// @ts-expect-error: it has to run.
	declared(() => defineTool({ ...common, effect: 'read' }));
});

test('a transaction', () => {
	// @ts-expect-error: it has to name its tables.
	declared(() => defineTool({ ...common, effect: 'transaction', run: runTransaction }));
	// @ts-expect-error: it has to return its writes.
	declared(() => defineTool({ ...common, effect: 'transaction', tables: ['credits'], run }));
	const writesNothing = async () => ({ output: { order: 'o', paid: true }, writes: [{ table: 'credits' }] });
	// @ts-expect-error: writes are data of a known shape.
	declared(() => defineTool({ ...common, effect: 'transaction', tables: ['credits'], run: writesNothing }));
	// @ts-expect-error: the guard commits it, so no zombie does.
	declared(() => defineTool({ ...common, effect: 'transaction', tables: ['credits'], run: runTransaction, fencedBy: 'credentials' }));
	// @ts-expect-error: there is nothing to look up.
	declared(() => defineTool({ ...common, effect: 'transaction', tables: ['credits'], run: runTransaction, lookup, visibleWithinMs }));
});

test('a replay', () => {
	// @ts-expect-error: for how long the key is honoured has to be said.
	declared(() => defineTool({ ...common, effect: 'replay', fencedBy: 'runtime', run }));
	// @ts-expect-error: what ends a zombie has to be said.
	declared(() => defineTool({ ...common, effect: 'replay', keyHonouredForMs: 1, run }));
	// @ts-expect-error: a lookup comes with the target's own delay.
	declared(() => defineTool({ ...common, effect: 'replay', keyHonouredForMs: 1, fencedBy: 'runtime', run, lookup }));
	// @ts-expect-error: a delay without a lookup means nothing.
	declared(() => defineTool({ ...common, effect: 'replay', keyHonouredForMs: 1, fencedBy: 'runtime', run, visibleWithinMs }));
});

test('a lookup', () => {
	// @ts-expect-error: it has to have one.
	declared(() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run }));
	// @ts-expect-error: and the target's own delay.
	declared(() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup }));
	// @ts-expect-error: what ends a zombie has to be said.
	declared(() => defineTool({ ...common, effect: 'lookup', run, lookup, visibleWithinMs }));
	// @ts-expect-error: a target that honours keys makes it a replay.
	declared(() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup, visibleWithinMs, keyHonouredForMs: 1 }));
	// @ts-expect-error: not finding anything surely, and not knowing, are two things.
	declared(() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup: async () => undefined, visibleWithinMs }));
	const findsFive = async () => ({ found: 5 });
	// @ts-expect-error: what is found is of the declared shape.
	declared(() => defineTool({ ...common, effect: 'lookup', fencedBy: 'runtime', run, lookup: findsFive, visibleWithinMs }));
});

test('a manual step', () => {
	// @ts-expect-error: a target that can be asked makes it a lookup.
	declared(() => defineTool({ ...common, effect: 'manual', fencedBy: 'runtime', run, lookup, visibleWithinMs }));
	// @ts-expect-error: what ends a zombie has to be said.
	declared(() => defineTool({ ...common, effect: 'manual', run }));
	// @ts-expect-error: a target that honours keys makes it a replay.
	declared(() => defineTool({ ...common, effect: 'manual', fencedBy: 'runtime', run, keyHonouredForMs: 1 }));
	// @ts-expect-error: there are two things that end a zombie.
	declared(() => defineTool({ ...common, effect: 'manual', fencedBy: 'luck', run }));
});

test('a result of another shape', () => {
	// @ts-expect-error: what it returns is what it declares.
	declared(() => defineTool({ ...common, effect: 'read', run: async () => ({ order: 'o' }) }));
});
