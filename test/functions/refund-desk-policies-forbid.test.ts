/** Where each rule of the refund desk begins and ends. Missing facts always deny. */
import { expect, test } from 'vitest';
import agent from '../../agents/refund-desk/agent.ts';
import type { FoundOrder } from '../../agents/refund-desk/tools/orders-find.ts';
import type { Fact } from '../../index.ts';
import { type Asked, factsAfterReading, guardAsks, policies } from './refund-desk-guard.ts';
import { asFound } from './refund-desk-play.ts';

const FRESH_SECONDS = 3 * 24 * 3600;

const grinder = asFound('o_1002');
const parcel = asFound('o_1006');
const refund = (amountCents: number, charge = 'ch_1002') => ({ tool: 'payments.refund', input: { charge, amountCents, reason: 'r' } });
const credit = (amountCents: number, order = 'o_1006') => ({
	tool: 'credits.grant',
	input: { customer: 'c_farid', order, amountCents, reason: 'r' },
});
const recall = { tool: 'carrier.recall', input: { tracking: 'TRK-1006' } };
const mail = (to: string) => ({ tool: 'mail.send', input: { customer: 'c_farid', to, subject: 's', body: 'b' } });
const everyEffect = [refund(1000, 'ch_1006'), credit(500), recall, mail('farid@example.com')];

const withCharge = (order: FoundOrder, change: Partial<FoundOrder['charges'][number]>): readonly Fact[] =>
	factsAfterReading({ ...order, charges: order.charges.map((charge) => ({ ...charge, ...change })) });
const frozen = ({ customer, ...order }: FoundOrder): readonly Fact[] =>
	factsAfterReading({ ...order, customer: { ...customer, frozen: true } });

test('the policies fit the schema of the tools, without warnings, and see every input', () => {
	expect(policies.warnings).toEqual([]);
	expect(policies.left).toEqual([]);
	expect(Object.keys(agent.policies)).toHaveLength(11);
});

test.for<[string, Asked, Asked['verdict'], string]>([
	['50.00 is paid', guardAsks(refund(5000), factsAfterReading(grinder)), 'allow', 'refund-up-to-limit'],
	['50.01 asks a person', guardAsks(refund(5001), factsAfterReading(grinder)), 'ask', 'refund-above-limit-with-approval'],
	['the whole charge asks a person', guardAsks(refund(12_900), factsAfterReading(grinder)), 'ask', 'refund-above-limit-with-approval'],
	['a cent more than the charge', guardAsks(refund(12_901), factsAfterReading(grinder)), 'deny', 'refund-within-remaining'],
	['more than is left', guardAsks(refund(1001), withCharge(grinder, { remainingCents: 1000 })), 'deny', 'refund-within-remaining'],
	['all that is left', guardAsks(refund(1000), withCharge(grinder, { remainingCents: 1000 })), 'allow', 'refund-up-to-limit'],
	['a gift card', guardAsks(refund(1000), withCharge(grinder, { method: 'gift-card' })), 'deny', 'refund-never-on-gift-cards'],
	['180 days', guardAsks(refund(1000), withCharge(grinder, { ageDays: 180 })), 'allow', 'refund-up-to-limit'],
	['181 days', guardAsks(refund(1000), withCharge(grinder, { ageDays: 181 })), 'deny', 'refund-within-180-days'],
	['20.00 credit', guardAsks(credit(2000), factsAfterReading(parcel)), 'allow', 'credit-up-to-limit'],
	['a parcel on its way', guardAsks(recall, factsAfterReading(parcel)), 'allow', 'recall-before-delivery'],
	['mail to the address on record', guardAsks(mail('farid@example.com'), factsAfterReading(parcel)), 'allow', 'mail-to-address-on-record'],
])('%s', ([, asked, verdict, policy]) => {
	expect(asked).toEqual({ verdict, policies: [policy], errors: [] });
});

test.for<[string, Asked]>([
	['20.01 credit', guardAsks(credit(2001), factsAfterReading(parcel))],
	["a credit for someone else's order", guardAsks(credit(500, 'o_1001'), factsAfterReading(parcel))],
	['a delivered parcel', guardAsks(recall, factsAfterReading({ ...parcel, shipment: { tracking: 'TRK-1006', status: 'delivered' } }))],
	['mail to another address', guardAsks(mail('farid@example.net'), factsAfterReading(parcel))],
])('%s is permitted by nothing', ([, asked]) => {
	expect(asked).toEqual({ verdict: 'deny', policies: [], errors: [] });
});

test.for(everyEffect)('a frozen customer blocks $tool, approved or not', (call) => {
	expect(guardAsks(call, factsAfterReading(parcel)).verdict).toBe('allow');
	expect(guardAsks(call, frozen(parcel))).toEqual({ verdict: 'deny', policies: ['frozen-customer-blocks-effects'], errors: [] });
});

test.for(everyEffect)('$tool needs facts, and facts of three days at most', (call) => {
	expect(guardAsks(call, factsAfterReading(parcel), FRESH_SECONDS).verdict).toBe('allow');
	expect(guardAsks(call, factsAfterReading(parcel), FRESH_SECONDS + 1)).toMatchObject({ verdict: 'deny', policies: ['facts-are-fresh'] });
	const unread = guardAsks(call, []);
	expect(unread).toMatchObject({ verdict: 'deny', errors: [] });
	expect(unread.policies).toContain('facts-are-fresh');
});

test('a refund approved on Monday for a call of Friday evening still rests on facts that count', () => {
	expect(guardAsks(refund(12_900), factsAfterReading(grinder), 64 * 3600).verdict).toBe('ask');
});

test('reading needs no facts', () => {
	expect(guardAsks({ tool: 'orders.find', input: { order: 'o_1007' } }, []).verdict).toBe('allow');
});
