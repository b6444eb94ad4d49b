/**
 * `throughline … --outputs FILE`: the same commands, JSON and exit codes on a deployed account. Its record is read, and words go in
 * through signed URLs; who said them is what AWS says.
 */
import { expect, test } from 'vitest';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';
import { asked, throughline } from '../e2e/command.ts';
import { ALICE, deployedAccount } from './deployed-account.ts';

/** Payments need a person. */
const policies = () => fakePolicies(({ context, action }) => (action.id !== 'pay.send' || context.approved ? 'allow' : 'deny'));

async function account() {
	const outside = outsideWorld();
	const deployed = await deployedAccount({ agent: clerk(outside), policies: policies() });
	const { environment, outputs } = deployed;
	const there = (...words: string[]) => asked([...words, '--outputs', outputs], { environment });
	return { ...deployed, outside, there };
}
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

test('a run is opened, waits for a person, is approved, and ends', { timeout: 120_000 }, async () => {
	const { there, file, outside } = await account();
	const input = file('task.json', plans([call('file.read')], [call('pay.send')]));
	const waiting = await there('run', 'clerk', '--input', input, '--run', 'one');
	expect(waiting).toMatchObject({
		code: 4,
		json: {
			runs: [{ run: 'one', agent: 'clerk', status: 'waiting', used: null, waiting: [{ step: 2, for: 'approval', since: isoTime }] }],
			takenUp: [],
		},
	});
	expect(outside.effectsOf('pay')).toEqual([]);

	expect(await there('list')).toMatchObject({
		code: 0,
		json: { runs: [{ run: 'one', agent: 'clerk', status: 'waiting', done: 1, open: 1 }], damaged: [] },
	});
	const status = await there('status', 'one');
	expect(status).toMatchObject({
		code: 0,
		json: { run: 'one', status: 'waiting', done: [{ step: 1, tool: 'file.read', outcome: 'done' }] },
	});
	expect(status.stderr).toContain("can't be told without its code");

	const other = await there('approve', 'one', '2', '--shown', 'a'.repeat(64), '--yes');
	expect(other).toMatchObject({ code: 3, json: { error: { name: 'Refused', message: expect.stringContaining('something else') } } });
	expect(await there('approve', 'one', '1', '--yes')).toMatchObject({ code: 3, json: { error: { name: 'Refused' } } });

	const approved = await there('approve', 'one', '2', '--yes', '--note', 'fine');
	expect(approved.stderr).toContain('asks for an approval of this call');
	expect(approved).toMatchObject({ code: 0, json: { run: 'one', step: 2, recorded: 'approve', by: ALICE, after: { status: 'finished' } } });
	expect(outside.effectsOf('pay')).toHaveLength(1);

	const again = await there('run', 'clerk', '--input', input, '--run', 'one');
	expect(again).toMatchObject({ code: 0, json: { runs: [{ run: 'one', status: 'finished', used: 'same-task' }] } });
});

test('a refusal, a freeze and its thaw, a stop, and what is resumed', { timeout: 120_000 }, async () => {
	const { there, file, outside, desk } = await account();
	const input = file('tasks.json', [
		{ id: 'r1', ...Object(plans([call('pay.send')])) },
		{ id: 'r2', ...Object(plans([call('pay.send')])) },
	]);
	expect(await there('run', 'clerk', '--input', input, '--each')).toMatchObject({
		code: 4,
		json: { runs: [{ run: 'r1' }, { run: 'r2' }] },
	});
	expect(await there('refuse', 'r1', '1')).toMatchObject({
		code: 3,
		json: { recorded: 'refuse', by: ALICE, after: { status: 'finished' } },
	});

	expect(await there('freeze', 'r2', '--reason', 'look')).toMatchObject({ code: 0, json: { run: 'r2', frozen: true, already: false } });
	expect(await there('freeze', 'r2', '--reason', 'look')).toMatchObject({ code: 0, json: { already: true } });
	expect(await there('status', 'r2')).toMatchObject({ json: { status: 'frozen' } });
	expect(await there('thaw', 'r2', '--reason', 'fine')).toMatchObject({
		code: 4,
		json: { run: 'r2', frozen: false, after: { status: 'waiting' } },
	});
	expect(await there('freeze', '--agent', 'nobody', '--reason', 'look')).toMatchObject({
		code: 6,
		json: { error: { name: 'AgentNotFound' } },
	});
	expect(await there('freeze', '--all', '--reason', 'look')).toMatchObject({ code: 0, json: { all: true, frozen: true } });
	expect(await there('thaw', '--all', '--reason', 'fine')).toMatchObject({ code: 0, json: { all: true, frozen: false } });

	expect(await there('resume', 'r2')).toMatchObject({ code: 4, json: { runs: [{ run: 'r2', status: 'waiting' }] } });
	expect(await there('resume')).toMatchObject({ code: 0, json: { runs: [] } });
	expect(await there('stop', 'r2', '--reason', 'enough')).toMatchObject({ code: 0, json: { run: 'r2', stopped: true, how: 'stopped' } });
	expect(await there('stop', 'r2')).toMatchObject({ code: 0, json: { stopped: false } });
	expect(outside.effectsOf('pay')).toEqual([]);
	expect(desk.logged.filter(({ name }) => name !== 'Unclean')).toEqual([]);
});

test('a letter that was cut off is settled there', { timeout: 120_000 }, async () => {
	const { there, file, outside } = await account();
	outside.next('letter', 'dies-after');
	const input = file('task.json', plans([call('letter.send')]));
	expect(await there('run', 'clerk', '--input', input, '--run', 'post')).toMatchObject({
		code: 4,
		json: { runs: [{ waiting: [{ for: 'doubt' }] }] },
	});
	const settled = await there('settle', 'post', '1', '--done', '--note', 'it is in the out-box');
	expect(settled).toMatchObject({ code: 0, json: { recorded: 'done', by: ALICE, after: { status: 'finished' } } });
	expect(outside.effectsOf('letter')).toHaveLength(1);
});

test('what is not there, and who may not, is told by the same exit codes', { timeout: 120_000 }, async () => {
	const { there, file, shut, environment, stacks, outputs } = await account();
	const at = (file: string) => asked(['list', '--outputs', file], { environment });
	expect(await there('status', 'nobody')).toMatchObject({ code: 6, json: { error: { name: 'RunNotFound' } } });
	expect(await there('approve', 'nobody', '1', '--yes')).toMatchObject({ code: 6, json: { error: { name: 'RunNotFound' } } });
	expect(await there('resume', 'nobody')).toMatchObject({ code: 6 });
	expect(await there('run', 'refund-desk', '--input', file('t.json', {}))).toMatchObject({
		code: 6,
		json: { error: { name: 'AgentNotFound' } },
	});
	expect(await at(`${outputs}.missing`)).toMatchObject({ code: 6, json: { error: { name: 'OutputsNotFound' } } });
	expect(await at(file('half.json', { one: stacks['throughline-dev-ledger'] }))).toMatchObject({
		code: 2,
		json: {
			error: { message: expect.stringContaining('lacks DecideUrl, CloseUrl, FreezeUrl, AgentRunMachine, StepMachine, RecoverMachine') },
		},
	});
	expect((await throughline(['list', '--outputs', outputs, '--dir', 'x'], { environment })).code).toBe(2);
	shut.add('freeze');
	expect(await there('freeze', '--all', '--reason', 'look')).toMatchObject({
		code: 1,
		json: { error: { name: 'DoorClosed', message: expect.stringContaining('403') } },
	});
});
