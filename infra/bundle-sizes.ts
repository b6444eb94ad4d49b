/** Says how large every function's bundle is, and how long a fresh process takes to load it on this machine. */

import { loadAgents } from './bundling/agent-folders.ts';
import { anyVariables, loadBundle } from './bundling/cold-start.ts';
import { measuredBundles } from './bundling/sizes.ts';

const agents = await loadAgents();
const toolOf = (name: string): string =>
	agents
		.find(({ agent }) => name.startsWith(`${agent.name}:`))
		?.agent.tools.keys()
		.next().value ?? 'none';
const TIMES = 5;

console.log('| function | zipped KB | at most KB | loaded in ms |\n|---|---|---|---|');
for (const { name, folder, zippedBytes, atMost } of await measuredBundles()) {
	const times: number[] = [];
	for (let time = 0; time < TIMES; time += 1) times.push((await loadBundle(folder, anyVariables(toolOf(name)))).loadMs);
	const median = times.toSorted((a, b) => a - b)[TIMES >> 1] ?? 0;
	console.log(`| ${name} | ${Math.ceil(zippedBytes / 1024)} | ${atMost / 1024} | ${Math.round(median)} |`);
	if (zippedBytes > atMost) process.exitCode = 1;
}
