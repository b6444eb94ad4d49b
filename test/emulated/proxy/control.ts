/** How tests, which run in other processes, tell the proxy what to do to calls. */
import { createServer } from 'node:http';
import * as z from 'zod';
import { type Interference, type Rule, rule, type Standing } from './interference.ts';

const asked = z.discriminatedUnion('do', [
	z.strictObject({ do: z.literal('add'), rule }),
	z.strictObject({ do: z.literal('lift'), id: z.string() }),
	z.strictObject({ do: z.literal('standing'), id: z.string() }),
]);
const standing = z.object({ met: z.int(), waiting: z.int(), gone: z.int() }).nullable();

export async function controlled(interference: Interference): Promise<{ url: string; close(): void }> {
	const server = createServer(async (incoming, outgoing) => {
		const parts: Buffer[] = [];
		for await (const part of incoming) parts.push(part as Buffer);
		const parsed = asked.safeParse(JSON.parse(Buffer.concat(parts).toString()));
		if (!parsed.success) return void outgoing.writeHead(400).end(z.prettifyError(parsed.error));
		const told = parsed.data;
		const said = told.do === 'add' ? interference.add(told.rule) : interference[told.do](told.id);
		outgoing.end(JSON.stringify(said ?? null));
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port to be told on');
	return { url: `http://127.0.0.1:${address.port}`, close: () => void server.close().closeAllConnections() };
}

/** The other side: what a test holds. */
export function tellingProxy(url: string) {
	const tell = async (what: unknown): Promise<unknown> => {
		const answer = await fetch(url, { method: 'POST', body: JSON.stringify(what) });
		if (!answer.ok) throw new Error(await answer.text());
		return answer.json();
	};
	return {
		interfere: async (given: Rule) => {
			const id = z.string().parse(await tell({ do: 'add', rule: given }));
			return {
				standing: async (): Promise<Standing> => standing.parse(await tell({ do: 'standing', id })) ?? { met: 0, waiting: 0, gone: 0 },
				lift: async (): Promise<void> => void (await tell({ do: 'lift', id })),
			};
		},
	};
}
