/** A target that knows no keys is asked once nothing can arrive any more; what it does not answer is asked again, then a person's. */
import { expect, test } from 'vitest';
import { decide } from '../../functions/decide/decide.ts';
import { call, clerk, clerkTools, plans, TIMEOUT_SECONDS, VISIBLE_MS } from '../doubles/clerk.ts';
import { BY, install, RUN } from '../doubles/driver.ts';
import { MARGIN_MS } from '../doubles/functions.ts';
import { CUT_OFF, type Outside, outsideWorld } from '../doubles/outside.ts';

const task = plans([call('parcel.send')]);
const once = (outside: Outside) => expect(outside.effectsOf('parcel')).toHaveLength(1);

test.for(CUT_OFF)('%s: asked after the wait; done once', async (fate) => {
	const outside = outsideWorld();
	outside.next('parcel', fate);
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines()).toEqual([
		...['opened', 'planned 1', 'granted 1.1', 'asked about 1.1'],
		...(fate.endsWith('after') ? ['done 1.1 by target'] : ['failed 1.1 by target', 'granted 1.2', 'done 1.2 by tool']),
		'closed: finished',
	]);
	once(outside);
});

test('the wait is a duration: the window of the grant, a margin, and how long the target may hide it', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	const waitMs = TIMEOUT_SECONDS * 1000 + 2 * MARGIN_MS + VISIBLE_MS;
	expect(desk.waits).toEqual([{ step: 1, seconds: Math.ceil(waitMs / 1000) }]);
	const [granted, asked] = desk.entries().filter((entry) => entry.kind === 'decision');
	expect(Number(asked?.at) - Number(granted?.at)).toBeGreaterThanOrEqual(waitMs);
});

test('the evidence says what had ended any zombie by then, and the lookup had a session of its own that reads', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.entries().find((entry) => entry.kind === 'outcome')).toMatchObject({ by: 'target', restsOn: 'credentials' });
	expect(desk.issuer.issued.map(({ request }) => [request.role, request.sessionName])).toEqual([
		['clerk_parcel_send-access', `${RUN}.1.1`],
		['clerk_parcel_send-lookup', `${RUN}.1.l1`],
	]);
});

test.for(['unknown', 'throws', 'dies'] as const)(
	'a lookup that says nothing (%s) is repeated four times, then a person is asked',
	async (answer) => {
		const outside = outsideWorld();
		outside.next('parcel', 'dies-after');
		outside.nextLookup('parcel', answer, answer, answer, answer, answer);
		const desk = install({ agent: clerk(outside) });
		await desk.run(task);
		const asked = Array.from({ length: 4 }, () => 'asked about 1.1');
		expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', ...asked, 'held 1: doubt']);
		await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: null, note: 'it arrived' } }, desk.operator);
		await desk.recover();
		expect(desk.lines().slice(-3)).toEqual(['done 1.1 by person', 'resumed 1: answer', 'closed: finished']);
		once(outside);
	},
);

test('a lookup that answers at last is believed', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	outside.nextLookup('parcel', 'unknown', 'dies', 'goes-well');
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines().slice(-2)).toEqual(['done 1.1 by target', 'closed: finished']);
	once(outside);
});

test("a target that never does it is asked four times; the attempt after that is a person's", async () => {
	const outside = outsideWorld();
	outside.next('parcel', ...Array.from({ length: 9 }, () => 'dies-before' as const));
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines().slice(-3)).toEqual(['failed 1.4 by target', 'granted 1.5', 'held 1: doubt']);
	expect(outside.effects).toEqual([]);
});

const unaskable: [string, () => { actions: string[]; resources: string[] }[]][] = [
	['may read everything', () => [{ actions: ['parcels:Get'], resources: ['*'] }]],
	['may read more than STS takes', () => [{ actions: ['parcels:Get'], resources: [`arn:${'x'.repeat(2_000)}`] }]],
	[
		'cannot be told',
		() => {
			throw new Error('no such parcel');
		},
	],
];
test.for(unaskable)('a lookup whose access %s is not made: a person is asked', async ([, lookupAccess]) => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const tools = clerkTools(outside).map((tool) => ({ ...tool, lookupAccess }));
	const desk = install({ agent: clerk(outside, { tools }) });
	await desk.run(task);
	expect(desk.lines()).toEqual(['opened', 'planned 1', 'granted 1.1', 'held 1: doubt']);
	expect(desk.issuer.issued).toHaveLength(1);
	await decide({ run: RUN, by: BY, answer: { is: 'done', step: 1, result: null, note: 'it arrived' } }, desk.operator);
	await desk.recover();
	expect(desk.lines().at(-1)).toBe('closed: finished');
	once(outside);
});

test('control: the same tool declared a read does it twice, and the check sees it', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	const tools = clerkTools(outside).map((tool) => ({ ...tool, effect: 'read' as const }));
	await install({ agent: clerk(outside, { tools }) }).run(task);
	expect(() => once(outside)).toThrow();
});

test('control: a target that hides it longer than declared does it twice, and the check sees it', async () => {
	const outside = outsideWorld();
	outside.next('parcel', 'dies-after');
	outside.hides = true;
	await install({ agent: clerk(outside) }).run(task);
	expect(() => once(outside)).toThrow();
});
