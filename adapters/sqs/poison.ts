/** The queue for what nobody can read. It gets pointers, never content: a record may hold tokens in clear (A3). */
import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { Poison } from '../../core/audit/trail-ports.ts';

const ATTEMPTS = 3;
const CONNECT_MS = 1_000;
const ANSWER_MS = 5_000;

/** The queue did not take it, or did not say so. The message says what to do next. */
export class QueueUnavailable extends Error {
	override name = 'QueueUnavailable';
}

export function sqsClient(config: Pick<SQSClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): SQSClient {
	return new SQSClient({
		...config,
		// A queue's URL may name a host that is not the way there: the endpoint is where everybody finds AWS.
		useQueueUrlAsEndpoint: false,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

/** @throws QueueUnavailable */
export const sqsPoison = ({ client, queueUrl }: { client: SQSClient; queueUrl: string }): Poison => ({
	put: async (pointer) => {
		try {
			await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(pointer) }));
		} catch (error) {
			const name = error instanceof Error ? error.name : String(error);
			throw new QueueUnavailable(
				`queue ${queueUrl}: ${name}. Check that it exists and that this role may send to it; the batch is tried again`,
			);
		}
	},
});
