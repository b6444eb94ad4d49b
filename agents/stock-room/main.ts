/**
 * `node agents/stock-room/main.ts RUN TASK.json --dir DIRECTORY`, or `--outputs FILE` of `npx cdk deploy --outputs-file FILE`
 * for a deployment. Prints what was booked; exits with 2 while somebody has to answer first.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Client, type ClientEvent, deployedAt, throughlineClient } from 'throughline/client';
import { localClient } from 'throughline/client/local';
import * as z from 'zod';
import { bookDeliveries } from './book-deliveries.ts';
import { task } from './task.ts';

const WAITING = 2;
const outputsShape = z.record(z.string(), z.record(z.string(), z.string()));
const { values, positionals } = parseArgs({
	options: { dir: { type: 'string', default: '.throughline' }, outputs: { type: 'string' } },
	allowPositionals: true,
});
const [run, file] = positionals;
if (run === undefined || file === undefined) throw new Error('say which run, and the file with its task');

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const onEvent = (event: ClientEvent): void => say(`${event.is} ${event.step}`);
const { client, end } = await connected();
try {
	const booked = await bookDeliveries(client, run, task.parse(JSON.parse(readFileSync(file, 'utf8'))), say);
	console.log(JSON.stringify(booked));
	if (booked.is === 'waiting') process.exitCode = WAITING;
} finally {
	await end();
}

/** The same program drives a run on this machine and in an account. */
async function connected(): Promise<{ client: Client; end: () => Promise<void> }> {
	if (values.outputs === undefined) {
		const client = await localClient({ directory: values.dir, agent: import.meta.dirname, onEvent });
		return { client, end: () => client.end() };
	}
	const outputs = outputsShape.parse(JSON.parse(readFileSync(values.outputs, 'utf8')));
	return { client: throughlineClient({ ...deployedAt(outputs, 'stock-room'), onEvent }), end: async () => {} };
}
