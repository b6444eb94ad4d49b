/** Mails the customer. Nothing can tell us later whether a mail went out, so a cut-off attempt is a person's to settle. */
import { defineTool } from 'throughline';
import * as z from 'zod';
import { ask, id } from './outside.ts';

const sent = z.object({ message: z.string().max(80) });

export const mailSend = defineTool({
	name: 'mail.send',
	description: 'Sends a mail to the customer, at the address we have on record.',
	effect: 'manual',
	fencedBy: 'runtime',
	input: z.strictObject({
		customer: id,
		to: z.email().max(200),
		subject: z.string().min(1).max(200),
		body: z.string().min(1).max(5_000),
	}),
	output: sent,
	timeoutSeconds: 2,
	resource: { type: 'Customer', id: (input) => input.customer },
	// To whom, and what it says, no trail tells.
	witnessedBy: () => [{ source: 'mail.refund-desk', name: 'SendMessage' }],
	run: ({ to, subject, body }, context) =>
		ask({ service: 'MAIL_URL', path: '/messages', body: { to, subject, body }, answer: sent }, context),
});
