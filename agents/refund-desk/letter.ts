/** Says what was really done: to the customer in a mail, to the desk in a summary. Both read how the steps ended, not what was asked. */
import * as z from 'zod';
import { type End, endOf, type Progress } from './progress.ts';
import { euros } from './reading.ts';
import type { Ticket } from './ticket.ts';

const toolOf = { refund: 'payments.refund', credit: 'credits.grant', recall: 'carrier.recall' } as const;
type Want = keyof typeof toolOf;

export type Summary = {
	ticket: string;
	order: string;
	because: string;
	outcome: 'all done' | 'partly done' | 'nothing done';
	done: string[];
	notDone: string[];
	mailed: boolean;
};

export function letter({ name, order, wanted, progress }: { name: string; order: string; wanted: Ticket; progress: Progress }): string {
	const lines = wanted.wants.map((want) => sentence(want, endOf(progress, toolOf[want])));
	const said = lines.length > 0 ? lines : ['We have read your message and changed nothing.'];
	return [`Dear ${name},`, '', `about your order ${order}:`, ...said.map((line) => `- ${line}`), '', 'Your refund desk'].join('\n');
}

export function summarise(wanted: Ticket, progress: Progress, because: string): Summary {
	const ends = wanted.wants.map((want) => ({ want, end: endOf(progress, toolOf[want]) }));
	const done = ends.filter(({ end }) => end?.ended === 'done');
	const notDone = ends.filter(({ end }) => end?.ended !== 'done');
	const mail = endOf(progress, 'mail.send');
	return {
		ticket: wanted.id,
		order: wanted.order,
		because,
		outcome: notDone.length === 0 ? 'all done' : done.length > 0 ? 'partly done' : 'nothing done',
		done: done.map(({ want, end }) => `${want}${amount(end)}`),
		notDone: [
			...notDone.map(({ want, end }) => `${want}${amount(end)}: ${whyNot(end)}`),
			...(mail && mail.ended !== 'done' ? [`mail: ${whyNot(mail)}`] : []),
		],
		mailed: mail?.ended === 'done',
	};
}

/** Customers learn that something was not done, not which rule said so. */
function sentence(want: Want, end: End | undefined): string {
	const isDone = end?.ended === 'done';
	switch (want) {
		case 'refund':
			return isDone ? `We have refunded${amount(end)}.` : 'We could not make this refund. A colleague will look at it.';
		case 'credit':
			return isDone ? `You have a store credit of${amount(end)}.` : 'We could not give you a store credit.';
		case 'recall':
			return isDone ? 'We have asked the carrier to bring the parcel back.' : 'The parcel could not be called back.';
	}
}

function whyNot(end: End | undefined): string {
	return end ? `${end.ended}${end.reason === undefined ? '' : ` (${end.reason})`}` : 'never tried, or no record of it';
}

const withAmount = z.object({ amountCents: z.int() });

/** The result is what was done; a person who settled the step may have left none, and the recorded input says it then. */
function amount(end: End | undefined): string {
	const parsed = withAmount.safeParse(end?.ended === 'done' && end.result ? end.result : end?.input);
	return parsed.success ? ` ${euros(parsed.data.amountCents)}` : '';
}
