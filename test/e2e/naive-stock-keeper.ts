/** The stock room driven by somebody who numbers calls as they come: after a restart, the call it does not remember gets a number of its own. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { localClient } from 'throughline/client/local';
import * as z from 'zod';
import { task } from '../../agents/stock-room/task.ts';

const [run = '', file = '', directory = ''] = process.argv.slice(2);
const { deliveries } = task.parse(JSON.parse(readFileSync(file, 'utf8')));
const client = await localClient({ directory, agent: 'stock-room' });
const opened = z.object({ nextStep: z.number(), memory: z.number().optional() }).parse(await client.open(run, { deliveries }));
let step = opened.nextStep;
for (const [index, delivery] of deliveries.entries()) {
	if (index < (opened.memory ?? 0)) continue;
	await client.call(run, step, { tool: 'stock.receive', input: delivery, purpose: `delivery ${index + 1}` });
	process.stderr.write(`done ${index + 1}\n`);
	// It thinks a while before it notes anything down.
	await sleep(Number(process.env.THINKING_MS ?? 0));
	await client.checkpoint(run, index + 1);
	process.stderr.write(`remembered ${index + 1}\n`);
	step += 1;
}
await client.end();
