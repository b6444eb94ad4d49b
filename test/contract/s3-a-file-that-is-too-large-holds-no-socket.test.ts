// The trail's bucket is somebody else's to fill: an object of any size is told as unreadable, and its socket is given up.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { objectAt } from '../../adapters/s3/objects.ts';
import { s3Client } from '../../adapters/s3/payloads.ts';
import { s3TrailFiles } from '../../adapters/s3/trail-files.ts';

const TOO_LARGE = 64 * 1_048_576 + 1;

/** Begins to send what never ends, and shows the answer that it is sending. */
async function endless() {
	const answers: ServerResponse[] = [];
	const server = createServer((_, answer) => {
		answers.push(answer);
		answer.writeHead(200, { 'content-length': TOO_LARGE });
		answer.write(Buffer.alloc(1_024));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const client = s3Client({
		endpoint: `http://127.0.0.1:${port}`,
		region: 'eu-west-1',
		credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
	});
	return { place: { client, bucket: 'trail' }, answers };
}

test('what is too large is not read, and its connection ends', async () => {
	const { place, answers } = await endless();
	expect(await s3TrailFiles(place).get('AWSLogs/1.json.gz')).toEqual({
		bucket: 'trail',
		key: 'AWSLogs/1.json.gz',
		bytes: new Uint8Array(),
	});
	const [answer] = answers;
	if (answer && !answer.closed) await once(answer, 'close');
	expect(answer?.closed).toBe(true);
});

test('control: an answer that nobody reads or ends keeps its connection', async () => {
	const { place, answers } = await endless();
	await objectAt(place, 'AWSLogs/1.json.gz');
	await objectAt(place, 'AWSLogs/2.json.gz');
	expect(answers.map(({ closed }) => closed)).toEqual([false, false]);
});
