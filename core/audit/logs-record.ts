/**
 * What a CloudWatch Logs subscription puts into a stream: base64 of gzip of a JSON object with some log events, or with a
 * message that only says that the destination can be reached.
 */
import * as z from 'zod';
import { inflate, jsonOf } from './inflate.ts';

/** A stream's record has at most a megabyte; CloudTrail's JSON shrinks to a twentieth at most. */
export const LOGS_RECORD_BYTES = 32 * 1_048_576;

const shape = z.object({
	messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
	logEvents: z.array(z.object({ message: z.string() })),
});

export type LogsRecord =
	| { readonly is: 'messages'; readonly messages: readonly string[] }
	| { readonly is: 'control' }
	/** It will never be readable: trying again is no use. `why` holds nothing of the content. */
	| { readonly is: 'poison'; readonly why: string };

export function readLogsRecord(base64: string): LogsRecord {
	const inflated = inflate(Buffer.from(base64, 'base64'), LOGS_RECORD_BYTES);
	if (inflated.is === 'unreadable') return { is: 'poison', why: inflated.why };
	const parsed = shape.safeParse(jsonOf(inflated.bytes));
	if (!parsed.success)
		return { is: 'poison', why: `it is no record of a subscription: ${parsed.error.issues[0]?.path[0]?.toString() ?? 'not JSON'}` };
	if (parsed.data.messageType === 'CONTROL_MESSAGE') return { is: 'control' };
	return { is: 'messages', messages: parsed.data.logEvents.map(({ message }) => message) };
}
