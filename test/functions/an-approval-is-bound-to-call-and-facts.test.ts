/** A person approves what they were shown: this very call, on these facts, for a day. Anything else is asked again. */
import { expect, test } from 'vitest';
import { APPROVAL_MS } from '../../core/bounds.ts';
import { openSteps } from '../../core/ledger/state.ts';
import type { Policies } from '../../core/ports.ts';
import { decide, shownOf } from '../../functions/decide/decide.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';
import { fakePolicies } from '../doubles/policies.ts';

/** The first reading is free; everything after it needs a person. */
const approval = fakePolicies(({ context }) => (context.approved || Object(context.run).steps === 1 ? 'allow' : 'deny'));
const facts = ({ receipt }: { receipt: string }) => [{ type: 'Thing', id: 'it', attributes: { receipt } }];
const desk = (outside: Outside, policies: Policies = approval): Installation =>
	install({ agent: clerk(outside, { otherwise: { facts }, entities: { Thing: { receipt: 'String' } } }), policies });

const approve = (at: Installation, step: number, shown?: string) =>
	decide({ run: RUN, by: BY, answer: { is: 'approve', step, note: 'yes', ...(shown && { shown }) } }, at.operator);
const payAfterReading = plans([call('file.read')], [call('pay.send')]);

test('approved: granted, and recorded as needing the approval', async () => {
	const outside = outsideWorld();
	const at = desk(outside);
	await at.run(payAfterReading);
	expect(at.lines().slice(4)).toEqual(['planned 2', 'held 2: approval']);
	expect(outside.effectsOf('pay')).toEqual([]);
	expect(await approve(at, 2)).toMatchObject({ is: 'recorded' });
	await at.recover();
	expect(at.lines().slice(6)).toEqual([
		`approved 2 by ${BY}`,
		'resumed 1: answer',
		'granted 2.1: approved',
		'done 2.1 by tool',
		'closed: finished',
	]);
});

test('refused by a person: denied, and never asked again', async () => {
	const outside = outsideWorld();
	const at = desk(outside);
	await at.run(payAfterReading);
	await decide({ run: RUN, by: BY, answer: { is: 'refuse', step: 2, note: 'no' } }, at.operator);
	await at.recover();
	expect(at.lines().slice(6)).toEqual([`refused 2 by ${BY}`, 'resumed 1: answer', 'denied 2: person', 'closed: finished']);
	expect(outside.effectsOf('pay')).toEqual([]);
});

test('the person is shown the call and the facts it rests on', async () => {
	const at = desk(outsideWorld());
	await at.run(payAfterReading);
	const view = await at.operator.reader.read(RUN);
	const [step] = openSteps(view.state);
	if (!step) throw new Error('no step is open');
	expect(await shownOf(view, step, at.operator)).toMatchObject({
		shown: { run: RUN, tool: 'pay.send', input: { what: 'it' }, about: { type: 'Thing', id: 'it', facts: { receipt: 'receipt 1' } } },
	});
});

test('an approval of something else than is asked now is refused', async () => {
	const at = desk(outsideWorld());
	await at.run(payAfterReading);
	expect(await approve(at, 2, '0'.repeat(64))).toMatchObject({ is: 'refused', why: expect.stringContaining('look at it again') });
	expect(at.lines()).toHaveLength(6);
});

test('the approval of one call is not that of another, though they are the same', async () => {
	const at = desk(outsideWorld());
	await at.run(plans([call('file.read')], [call('pay.send'), call('pay.send')]));
	await approve(at, 3);
	await at.recover();
	expect(at.lines()).toContain('granted 3.1: approved');
	expect(at.lines()).not.toContain('granted 2.1: approved');
	expect(openSteps((await at.operator.reader.read(RUN)).state).map(({ step }) => step)).toEqual([2]);
});

test('an expired approval asks again', async () => {
	const outside = outsideWorld();
	const at = desk(outside);
	await at.run(payAfterReading);
	await approve(at, 2);
	at.clock.advance(APPROVAL_MS);
	await at.recover();
	expect(at.lines().slice(6)).toEqual([`approved 2 by ${BY}`, 'resumed 1: answer', 'held 2: approval']);
	await approve(at, 2);
	at.clock.advance(APPROVAL_MS - 1);
	await at.recover();
	expect(at.lines().at(-1)).toBe('closed: finished');
	expect(outside.effectsOf('pay')).toHaveLength(1);
});

/** Pay and read again side by side; the reading is approved first, and brings other facts. Both approvals were for the old ones. */
async function factsChange(policies?: Policies) {
	const outside = outsideWorld();
	const at = desk(outside, policies);
	await at.run(plans([call('file.read')], [call('pay.send'), call('file.read')]));
	await approve(at, 2);
	await approve(at, 3);
	// The reading goes first: its step is acted on alone.
	const answer = await at.invoke('clerk_file_read', { state: 'Act', run: RUN, step: 3, epoch: 0, hint: 0, tool: 'file.read' });
	expect(answer).toEqual({ status: 'ended' });
	await at.recover();
	return { at, outside };
}
const nothingPaid = (outside: Outside) => expect(outside.effectsOf('pay')).toEqual([]);

test('the facts have changed since: asked again', async () => {
	const { at, outside } = await factsChange();
	expect(at.lines().at(-1)).toBe('held 2: approval');
	nothingPaid(outside);
	await approve(at, 2);
	await at.recover();
	expect(at.lines().at(-1)).toBe('closed: finished');
	expect(outside.effectsOf('pay')).toHaveLength(1);
});

test('control: policies that remember a yes by themselves pay on facts nobody saw, and the check sees it', async () => {
	const seen = new Set<string>();
	const remembering = fakePolicies(({ context, action }) => {
		const known = seen.has(action.id);
		if (context.approved) seen.add(action.id);
		return known || context.approved || Object(context.run).steps === 1 ? 'allow' : 'deny';
	});
	const { outside } = await factsChange(remembering);
	expect(() => nothingPaid(outside)).toThrow();
});

test('an approval counts for the attempts that follow, not past its time', async () => {
	const outside = outsideWorld();
	outside.honoursKeys.add('pay');
	outside.next('pay', 'dies-before', 'goes-well');
	const at = desk(outside);
	await at.run(payAfterReading);
	await approve(at, 2);
	await at.recover();
	expect(at.lines().slice(8)).toEqual(['granted 2.1: approved', 'granted 2.2: approved', 'done 2.2 by tool', 'closed: finished']);
});
