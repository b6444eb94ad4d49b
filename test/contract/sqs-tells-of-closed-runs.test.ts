/** A closed run goes to the queue of its own agent, by the endpoint that everything else is found at, and a queue that does not take it is told. */
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { sqsClosedRuns } from '../../adapters/sqs/closed-runs.ts';
import { sqsClient } from '../../adapters/sqs/poison.ts';

const sent = z.looseObject({ MessageBody: z.string() });
const asked: { target: string; body: unknown }[] = [];
let refuses = false;
const service = createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => void chunks.push(chunk));
	request.on('end', () => {
		const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
		asked.push({ target: String(request.headers['x-amz-target']), body });
		const [status, answer] = refuses
			? [400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no such queue' }]
			: [200, { MessageId: 'one', MD5OfMessageBody: hash('md5', sent.parse(body).MessageBody) }];
		response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
	});
});
beforeAll(() => new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
	vi.unstubAllEnvs();
	service.close();
});

/** Of a host that is not there: what is in a URL is a queue's name, and no way to it. */
const queueUrl = 'http://queue.invalid/111122223333/throughline-dev-clerk-closed';
function closedRuns() {
	const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
	// As a function is told of an account that is elsewhere.
	vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
	const client = sqsClient({ region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
	return sqsClosedRuns({ client, queues: new Map([['clerk', queueUrl]]) });
}

test('ids and a time, to the queue of its agent; of an agent that nobody reconciles nothing is sent', async () => {
	const { tell } = closedRuns();
	await tell({ agent: 'clerk', run: 'run-1', closedAt: 17 });
	await tell({ agent: 'constructor', run: 'run-2', closedAt: 17 });
	expect(asked).toMatchObject([
		{ target: 'AmazonSQS.SendMessage', body: { QueueUrl: queueUrl, MessageBody: '{"run":"run-1","closedAt":17}' } },
	]);
});

test('a queue that does not take it is told by name', async () => {
	refuses = true;
	await expect(closedRuns().tell({ agent: 'clerk', run: 'run-1', closedAt: 17 })).rejects.toMatchObject({
		name: 'QueueUnavailable',
		message: expect.stringContaining('throughline-dev-clerk-closed'),
	});
});
