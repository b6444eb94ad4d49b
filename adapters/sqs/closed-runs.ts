/** Runs that were closed, each in the queue of its agent, which gives them out once what was seen of them should have come. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ClosedRuns } from '../../core/audit/rounds.ts';
import { QueueUnavailable } from './poison.ts';

/** @param queues URLs by agent. @throws QueueUnavailable */
export const sqsClosedRuns = ({ client, queues }: { client: SQSClient; queues: ReadonlyMap<string, string> }): ClosedRuns => ({
	tell: async ({ agent, run, closedAt }) => {
		const queueUrl = queues.get(agent);
		if (queueUrl === undefined) return;
		try {
			await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ run, closedAt }) }));
		} catch (error) {
			const name = error instanceof Error ? error.name : String(error);
			throw new QueueUnavailable(`queue ${queueUrl}: ${name}. Check that it exists and that this role may send to it`);
		}
	},
});
