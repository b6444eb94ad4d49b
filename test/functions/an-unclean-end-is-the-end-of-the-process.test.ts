/** S2: after an attempt that ended without a word its process exits, so that nothing it has left in flight acts later. */
import { expect, test } from 'vitest';
import { epochMs } from '../../core/ids.ts';
import type { Json } from '../../index.ts';
import { call, clerk, clerkTools, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { mortal } from '../doubles/mortal.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

/** Whoever sends what was left behind: sinks journal what came and ask nobody. */
const credentials = { accessKeyId: 'ASIAFAKE00001', secretAccessKey: 'secret', sessionToken: 'token', expiresAt: epochMs.parse(0) };
const CONTEXT = { idempotencyKey: 'k', run: RUN, step: 1, attempt: 1, credentials };

/** Tools that fail at once, and have left something on its way that would arrive when `release` is called. */
function leavingSomething(outside: Outside) {
	const { promise, resolve } = Promise.withResolvers<void>();
	const run = async (input: unknown): Promise<never> => {
		void promise.then(() => outside.act('letter', input as Json, CONTEXT));
		throw new Error('lost its patience');
	};
	return { tools: clerkTools(outside).map((tool) => ({ ...tool, run })), run, release: resolve };
}
const nothingArrived = (outside: Outside) => expect(outside.arrived).toEqual([]);
const soon = () => new Promise((resolve) => setImmediate(resolve));

test('what was left in flight arrives nowhere', async () => {
	const outside = outsideWorld();
	const { tools, release } = leavingSomething(outside);
	const desk = install({ agent: clerk(outside, { tools }) });
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().at(-1)).toBe('held 1: doubt');
	release();
	await soon();
	nothingArrived(outside);
});

test('control: in a process that goes on it arrives, and the check sees it', async () => {
	const outside = outsideWorld();
	const { run, release } = leavingSomething(outside);
	await mortal('clerk_letter_send')
		.run(() => run({ what: 'it' }))
		.catch(() => {});
	release();
	await soon();
	expect(() => nothingArrived(outside)).toThrow();
});

test('an error before anything was granted ends no process: the tool did not run', async () => {
	let failing = true;
	const desk = install({
		agent: clerk(outsideWorld()),
		fault: ({ at, function: name }) => {
			const fails = failing && at === 'ledger.read' && name === 'clerk_letter_send__guard';
			if (fails) failing = false;
			return fails ? 'unavailable' : undefined;
		},
	});
	await desk.run(plans([call('letter.send')]));
	const [first, second] = desk.invocations.filter(({ function: name }) => name === 'clerk_letter_send');
	expect(first?.error?.name).toBe('LedgerUnavailable');
	expect(second?.answer).toEqual({ status: 'ended' });
});

test('a report that does not arrive is an unclean end: the attempt stays open', async () => {
	const outside = outsideWorld();
	const desk = install({
		agent: clerk(outside),
		door: (request, ask) => (request.ask === 'report' ? Promise.reject(new Error('no route to the guard')) : ask(request)),
	});
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'held 1: doubt']);
	expect(desk.invocations.map(({ error }) => error?.name)).toContain('Runtime.ExitError');
	expect(outside.effects).toHaveLength(1);
});
