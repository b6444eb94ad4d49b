/** One ticket through the deployed functions and machines: opened over a signed URL, refunded once, closed. */
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { effectsOf } from '../../local/demo/outside.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';

const tickets = JSON.parse(readFileSync(new URL('../../agents/refund-desk/tickets.json', import.meta.url), 'utf8'));

test('a small refund', async () => {
	const account = inject('emulated');
	const desk = await emulatedDesk(account);
	const opened = await desk.open('first', tickets[0]);
	expect(opened).toMatchObject({ status: 200, body: { is: 'opened', run: 'first' } });
	const ended = await desk.until('the ticket is settled', async () => {
		const seen = await desk.look('first');
		return seen.status === 'finished' && seen;
	});
	expect(ended.done.map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
		'orders.find done',
		'payments.refund done',
		'mail.send done',
	]);
	expect(effectsOf(account.worldDirectory).map(({ tool, run }) => `${tool} ${run}`)).toEqual(['payments.refund first', 'mail.send first']);
});
