/** A report needs the token of its own attempt, through its own tool's guard; said twice it is one; and it rewrites nothing. */
import { expect, test } from 'vitest';
import type { GuardRequest } from '../../functions/guard/protocol.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const done = { is: 'done', output: { receipt: 'r' } } as const;
const reporting = (token: string, step: number, report: Extract<GuardRequest, { ask: 'report' }>['report'] = done): GuardRequest => ({
	ask: 'report',
	run: RUN,
	step,
	hint: 0,
	token,
	report,
});
const tokenOf = (desk: Installation, step: number) => desk.handedOut.find((out) => out.step === step)?.token ?? '';

test('the same report twice is one', async () => {
	const desk = install({
		agent: clerk(outsideWorld()),
		door: async (request, ask) => {
			if (request.ask === 'report') await ask(request);
			return ask(request);
		},
	});
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
	expect(await desk.guard('letter.send', reporting(tokenOf(desk, 1), 1))).toEqual({ is: 'status', status: { status: 'ended' } });
	expect(desk.lines()).toHaveLength(5);
});

test.for(['unknown-written', 'crash-after'] as const)('an answer lost (%s) is asked for again, and is one report', async (fault) => {
	const guard = 'clerk_letter_send__guard';
	let appends = 0;
	const desk = install({
		agent: clerk(outsideWorld()),
		fault: ({ at, function: name }) => {
			appends += at === 'ledger.append' && name === guard ? 1 : 0;
			return appends === 2 && at === 'ledger.append' ? fault : undefined;
		},
	});
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
});

test('a token of another step, of another tool, or made up is refused, and nothing is recorded', async () => {
	const outside = outsideWorld();
	const tried: string[] = [];
	const desk: Installation = install({ agent: clerk(outside) });
	outside.meanwhile = async ({ step }) => {
		if (step !== 2) return;
		const before = desk.lines().length;
		const tries: [string, GuardRequest][] = [
			['letter.send', reporting(tokenOf(desk, 1), 2)],
			['letter.send', reporting('made-up', 2)],
			['letter.send', reporting(tokenOf(desk, 2), 1)],
			['file.read', reporting(tokenOf(desk, 2), 2)],
			['letter.send', reporting(tokenOf(desk, 2), 9)],
			['letter.send', reporting(tokenOf(desk, 2), 2, { is: 'found', output: null })],
			['letter.send', reporting(tokenOf(desk, 2), 2, { is: 'absent' })],
		];
		for (const [tool, request] of tries) tried.push((await desk.guard(tool, request)).is);
		expect(desk.lines()).toHaveLength(before);
	};
	await desk.run(plans([call('letter.send', 'one')], [call('letter.send', 'two')]));
	expect(tried).toEqual(tried.map(() => 'refused'));
	expect(tried).toHaveLength(7);
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('a lookup reports nothing but what the target said', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const refused: string[] = [];
	const desk: Installation = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			if (request.ask === 'report') refused.push((await ask({ ...request, report: done })).is);
			return ask(request);
		},
	});
	await desk.run(plans([call('parcel.send')]));
	expect(refused).toEqual(['refused']);
	expect(desk.lines().slice(-2)).toEqual(['done 1.1 by target', 'closed: finished']);
});

test('an outcome is not rewritten by its own tool: the other word is kept beside it, and holds the run', async () => {
	const outside = outsideWorld();
	const desk: Installation = install({ agent: clerk(outside) });
	outside.meanwhile = async ({ step }) => {
		if (step === 2) await desk.guard('letter.send', reporting(tokenOf(desk, 1), 1, { is: 'failed', reason: 'no' }));
	};
	await desk.run(plans([call('letter.send', 'one')], [call('letter.send', 'two')]));
	expect(desk.lines().slice(3)).toEqual([
		'done 1.1 by tool',
		'planned 2',
		'granted 2.1',
		'failed 1.1 by tool: contradicts',
		'done 2.1 by tool',
	]);
});
