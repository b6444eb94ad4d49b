/** The mail service. It knows no keys and cannot be asked: what is posted twice goes out twice. */
import * as z from 'zod';
import type { Journal } from './journal.ts';
import { header, noSuchRoute, parseBody, refusalAnswer, type Service } from './serve.ts';
import { by, claimedBy, SESSION_HEADER } from './session.ts';
import type { Call } from './trail.ts';

const at = z.int().min(0);
const message = z.strictObject({ to: z.email().max(200), subject: z.string().min(1).max(200), body: z.string().min(1).max(10_000) });

export const mailLine = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('sent'), at, by, message: z.string(), ...message.shape }),
	z.strictObject({ kind: z.literal('refused'), at, by, status: z.int(), error: z.string() }),
]);
export type MailLine = z.infer<typeof mailLine>;

/** How its trail tells a line: that a mail went out, not to whom or what it says. */
export const mailCall = (line: MailLine): Call =>
	line.kind === 'sent'
		? { name: 'SendMessage', readOnly: false, request: { id: line.message } }
		: { name: 'SendMessage', readOnly: false, request: {}, error: line.error };

export function mail({ journal, now }: { journal: Journal<MailLine>; now: () => number }): Service {
	let sent = journal.past.filter((line) => line.kind === 'sent').length;

	return (request) => {
		if (request.method !== 'POST' || request.path !== '/messages') return noSuchRoute(request);
		const who = claimedBy(header(request, SESSION_HEADER));
		const body = parseBody(request, message);
		if ('refusal' in body) {
			journal.append({ kind: 'refused', at: now(), by: who, status: body.refusal.status, error: body.refusal.error });
			return refusalAnswer(body.refusal);
		}
		const name = `msg_${sent + 1}`;
		const sentAt = now();
		journal.append({ kind: 'sent', at: sentAt, by: who, message: name, ...body.value });
		sent += 1;
		return { status: 201, body: { message: name, at: sentAt } };
	};
}
