/** L4: a report is evidence once. Delivered again, whoever has had the last word since, it adds nothing and holds nobody up. */
import { expect, test } from 'vitest';
import { decide } from '../../../functions/decide/decide.ts';
import type { GuardRequest, Report } from '../../../functions/guard/protocol.ts';
import { call, clerk, plans } from '../../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../../doubles/driver.ts';
import { die } from '../../doubles/mortal.ts';
import { outsideWorld } from '../../doubles/outside.ts';

type Tool = 'parcel.send' | 'letter.send';

/** The first report is on its way when its process ends; `deliver` lets it, or another one of the same attempt, arrive. */
async function cutOffWhileReporting(tool: Tool) {
	let late: Extract<GuardRequest, { ask: 'report' }> | undefined;
	const desk: Installation = install({
		agent: clerk(outsideWorld()),
		door: async (request, ask) => {
			if (late || request.ask !== 'report') return ask(request);
			late = request;
			return die();
		},
	});
	await desk.run(plans([call(tool)], [call('file.read')]));
	const deliver = async (report?: Report) => {
		if (!late) throw new Error('nothing was reported');
		const answer = await desk.guard(tool, { ...late, ...(report && { report }) });
		expect(answer).toMatchObject({ is: 'status' });
	};
	const settle = (is: 'done' | 'failed') =>
		decide({ run: RUN, by: BY, answer: { ...(is === 'done' ? { is, result: null } : { is }), step: 1, note: 'looked' } }, desk.operator);
	return { desk, deliver, settle };
}
const count = (desk: Installation, line: string): number => desk.lines().filter((other) => other === line).length;

test('after its target has answered for it', async () => {
	const { desk, deliver } = await cutOffWhileReporting('parcel.send');
	expect(desk.lines()).toContain('done 1.1 by target');
	for (let time = 0; time < 3; time += 1) await deliver();
	expect(count(desk, 'done 1.1 by tool')).toBe(1);
});

test('after a person has answered for it', async () => {
	const { desk, deliver, settle } = await cutOffWhileReporting('letter.send');
	await settle('done');
	for (let time = 0; time < 3; time += 1) await deliver();
	expect(count(desk, 'done 1.1 by tool')).toBe(1);
	await desk.recover();
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('after a person has said what stands: neither of two reports that contradict each other holds the run again', async () => {
	const { desk, deliver, settle } = await cutOffWhileReporting('letter.send');
	const contrary: Report = { is: 'failed', reason: 'after all' };
	await deliver();
	await deliver(contrary);
	expect(count(desk, 'failed 1.1 by tool: contradicts')).toBe(1);
	await settle('done');
	for (let time = 0; time < 3; time += 1) {
		await deliver();
		await deliver(contrary);
	}
	expect(count(desk, 'done 1.1 by tool')).toBe(1);
	expect(count(desk, 'failed 1.1 by tool: contradicts')).toBe(1);
	expect(desk.check()).toMatchObject({ is: 'whole', state: { contradictions: [] } });
	await desk.recover();
	expect(desk.lines().at(-1)).toBe('closed: finished');
});

test('control: what was not said before is kept, and holds the run', async () => {
	const { desk, deliver, settle } = await cutOffWhileReporting('letter.send');
	await settle('failed');
	await deliver();
	expect(desk.lines().at(-1)).toBe('done 1.1 by tool: contradicts');
	expect(desk.check()).toMatchObject({ state: { contradictions: [{ step: 1 }] } });
});
