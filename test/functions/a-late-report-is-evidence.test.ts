/** L4: what a cut-off attempt says late is recorded, whoever drives the run by then; if it contradicts, a person says what stands. */
import { expect, test } from 'vitest';
import { close } from '../../functions/close/close.ts';
import { decide } from '../../functions/decide/decide.ts';
import type { GuardRequest } from '../../functions/guard/protocol.ts';
import { status } from '../../functions/status/status.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { die } from '../doubles/mortal.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

/** An installation where the first report is on its way when its process ends; `deliver` lets it arrive. */
function withLateReport(outside: Outside) {
	let late: GuardRequest | undefined;
	const desk: Installation = install({
		agent: clerk(outside),
		door: async (request, ask) => {
			if (late || request.ask !== 'report') return ask(request);
			late = request;
			return die();
		},
	});
	const deliver = async (tool: string) => {
		if (!late) throw new Error('nothing was reported');
		return desk.guard(tool, late);
	};
	return { desk, deliver };
}

test('of an attempt whose step another has done since: recorded, and nothing is contradicted', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	const { desk, deliver } = withLateReport(outside);
	outside.meanwhile = ({ sink }) => sink === 'file' && deliver('pay.send');
	await desk.run(plans([call('pay.send')], [call('file.read')]));
	expect(desk.lines().slice(2)).toEqual([
		'granted 1.1',
		'granted 1.2',
		'done 1.2 by tool',
		'planned 2',
		'granted 2.1',
		'done 1.1 by tool',
		'done 2.1 by tool',
		'closed: finished',
	]);
});

test('of a fenced epoch, while its step is open: it ends the step', async () => {
	const outside = outsideWorld();
	const { desk, deliver } = withLateReport(outside);
	await desk.run(plans([call('letter.send')]));
	expect(desk.lines().slice(2)).toEqual(['granted 1.1', 'held 1: doubt']);
	await desk.invoke('resume', { run: RUN, reason: 'person' });
	await deliver('letter.send');
	await desk.recover();
	expect(desk.lines().slice(4)).toEqual(['done 1.1 by tool', 'resumed 1: answer', 'closed: finished']);
});

/** The target denied it, it was done again, and then the first attempt says that it was done after all. */
async function contradiction() {
	const outside = outsideWorld();
	outside.hides = true;
	const { desk, deliver } = withLateReport(outside);
	outside.meanwhile = async ({ sink }) => {
		if (sink !== 'file') return;
		outside.meanwhile = () => {};
		await deliver('parcel.send');
	};
	await desk.run(plans([call('parcel.send')], [call('file.read')], [call('file.read')]));
	return desk;
}

test('that contradicts the record: both stay, and the run is held until a person says what stands', async () => {
	const desk = await contradiction();
	const held = [
		...['granted 1.1', 'asked about 1.1', 'failed 1.1 by target', 'granted 1.2', 'done 1.2 by tool', 'planned 2', 'granted 2.1'],
		...['done 1.1 by tool: contradicts', 'done 2.1 by tool'],
	];
	expect(desk.lines().slice(2)).toEqual(held);
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ status: 'contradicted', contradictions: [1] });
	await desk.recover(RUN, 'recovery');
	await desk.recover(RUN, 'person');
	expect(desk.lines().slice(2)).toEqual(held);

	const refused = await decide({ run: RUN, by: BY, answer: { is: 'done', step: 2, result: null, note: 'no' } }, desk.operator);
	expect(refused).toMatchObject({ is: 'refused' });
	await decide(
		{ run: RUN, by: BY, answer: { is: 'done', step: 1, result: { receipt: 'both' }, note: 'it was sent twice' } },
		desk.operator,
	);
	await desk.recover();
	expect(desk.lines().slice(2 + held.length)).toEqual([
		'done 1.1 1.2 by person: stands',
		'resumed 1: answer',
		'planned 3',
		'granted 3.1',
		'done 3.1 by tool',
		'closed: finished',
	]);
	expect(desk.check()).toMatchObject({ is: 'whole' });
});

test('control: the two effects that are contradicted are really two, so holding the run was right', async () => {
	const outside = outsideWorld();
	outside.hides = true;
	outside.next('parcel', 'dies-after');
	await install({ agent: clerk(outside) }).run(plans([call('parcel.send')]));
	expect(outside.effectsOf('parcel')).toHaveLength(2);
});

test('after closed: an open attempt is settled by it', async () => {
	const outside = outsideWorld();
	const { desk, deliver } = withLateReport(outside);
	await desk.run(plans([call('letter.send')]));
	expect(await close({ run: RUN, by: BY, reason: 'enough' }, desk.operator)).toEqual({ is: 'closed', stillOpen: [1] });
	await deliver('letter.send');
	expect(desk.lines().slice(-2)).toEqual(['closed: stopped', 'done 1.1 by tool']);
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ status: 'stopped' });
});

test('after closed, and contradicting: recorded, never dropped, and the ledger is still whole', async () => {
	const outside = outsideWorld();
	outside.hides = true;
	const { desk, deliver } = withLateReport(outside);
	await desk.run(plans([call('parcel.send')]));
	expect(desk.lines().at(-1)).toBe('closed: finished');
	await deliver('parcel.send');
	expect(desk.lines().at(-1)).toBe('done 1.1 by tool: contradicts');
	expect(await status(RUN, { store: desk.operator.store })).toMatchObject({ contradictions: [1] });
	expect(desk.check()).toMatchObject({ is: 'whole' });
});

test('long after its step was dropped from the state: recorded and checked against the whole ledger', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	const { desk, deliver } = withLateReport(outside);
	await desk.run(plans([call('pay.send')], ...Array.from({ length: 40 }, () => [call('file.read')])));
	expect(desk.lines().at(-1)).toBe('closed: finished');
	expect(desk.lines()).toContain('checkpoint');
	await deliver('pay.send');
	expect(desk.lines().at(-1)).toBe('done 1.1 by tool');
	await deliver('pay.send');
	expect(desk.check()).toMatchObject({ is: 'whole' });
	expect(desk.lines().filter((line) => line === 'done 1.1 by tool')).toHaveLength(1);
});
