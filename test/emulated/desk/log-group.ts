/** The trail's log group, as CloudWatch Logs shows it. */
import * as z from 'zod';
import { type Keys, signedPost } from './signed.ts';

type Asking = { readonly endpoint: string; readonly region: string; readonly keys: Keys };
const streams = z.object({ logStreams: z.array(z.object({ logStreamName: z.string() })) });
const events = z.object({ events: z.array(z.object({ timestamp: z.number(), message: z.string() })) });

export async function logStreams(logGroupName: string, asking: Asking): Promise<string[]> {
	const found = streams.parse(await logs('DescribeLogStreams', { logGroupName }, asking));
	return found.logStreams.map(({ logStreamName }) => logStreamName);
}

/** The newest that a log stream holds. */
export async function logEvents(of: { logGroupName: string; logStreamName: string }, asking: Asking): Promise<string[]> {
	return events
		.parse(await logs('GetLogEvents', { ...of, startFromHead: false, limit: 1_000 }, asking))
		.events.map(({ message }) => message);
}

async function logs(operation: string, input: unknown, { endpoint, region, keys }: Asking): Promise<unknown> {
	const sent = { body: JSON.stringify(input), type: 'application/x-amz-json-1.1', target: `Logs_20140328.${operation}` };
	const answer = await signedPost(new URL('/', endpoint), sent, { keys, service: 'logs', region });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
	return JSON.parse(text);
}
