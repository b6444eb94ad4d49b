/** Each tool has its own guard: it grants no other tool's step, believes nothing a caller says, and invents no steps. */
import { expect, test } from 'vitest';
import type { GuardRequest } from '../../functions/guard/protocol.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const act = (step: number, more: Partial<Extract<GuardRequest, { ask: 'act' }>> = {}): GuardRequest => ({
	ask: 'act',
	run: RUN,
	step,
	epoch: 0,
	hint: 0,
	...more,
});
const refusal = { is: 'refused', why: expect.any(String) };

async function atStepOne(look: (desk: Installation) => Promise<void>): Promise<void> {
	let looked = false;
	const desk: Installation = install({
		agent: clerk(outsideWorld()),
		door: async (request, ask) => {
			if (!looked) {
				looked = true;
				await look(desk);
			}
			return ask(request);
		},
	});
	await desk.run(plans([call('letter.send')]));
	expect(looked).toBe(true);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
}

test("another tool's step is refused, and nothing is recorded or handed out", () =>
	atStepOne(async (desk) => {
		expect(await desk.guard('pay.send', act(1))).toEqual(refusal);
		expect(await desk.guard('file.read', { ...act(1), ask: 'settle', waitedFor: [1] } as GuardRequest)).toEqual(refusal);
		expect(desk.issuer.issued).toEqual([]);
	}));

test('a step that nobody planned is refused', () =>
	atStepOne(async (desk) => {
		expect(await desk.guard('letter.send', act(2))).toEqual(refusal);
	}));

test('an epoch that is not the present one is fenced, earlier or later', () =>
	atStepOne(async (desk) => {
		expect(await desk.guard('letter.send', act(1, { epoch: 1 }))).toEqual({ is: 'status', status: { status: 'fenced' } });
	}));

test('a step that has ended is answered so, whoever asks', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('letter.send')]));
	const ended = { is: 'status', status: { status: 'ended' } };
	expect(await desk.guard('letter.send', act(1))).toEqual(ended);
	expect(await desk.guard('letter.send', { ...act(1), ask: 'settle', waitedFor: [1] } as GuardRequest)).toEqual(ended);
	expect(desk.lines()).toHaveLength(5);
});

test.for([0, 1, 2, 3, 7, 999_999])('a hint of %i changes no answer', async (hint) => {
	const desk = install({ agent: clerk(outsideWorld()), readers: 'cold' });
	await desk.run(plans([call('letter.send')]));
	expect(await desk.guard('letter.send', act(1, { hint }))).toEqual({ is: 'status', status: { status: 'ended' } });
	expect(await desk.guard('pay.send', act(9, { hint }))).toEqual({ is: 'status', status: { status: 'unrecorded' } });
});

test.for([
	['no run', { ask: 'act', run: 'run-9', step: 1, epoch: 0, hint: 0 }, 'RunNotFound'],
	['no shape', { ask: 'grant', run: RUN }, 'MalformedEvent'],
	['a step of another kind', { ask: 'act', run: RUN, step: '1', epoch: 0, hint: 0 }, 'MalformedEvent'],
	['a run that is a control chain', { ask: 'act', run: '@all', step: 1, epoch: 0, hint: 0 }, 'MalformedEvent'],
] as const)('%s is a final error by name', async ([, event, name]) => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await expect(desk.invoke('clerk_letter_send__guard', event)).rejects.toMatchObject({ name });
});
