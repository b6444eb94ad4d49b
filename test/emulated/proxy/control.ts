/** How tests, which run in other processes, tell the proxy what to do to calls, and to what the trail brings of them. */
import { createServer } from 'node:http';
import * as z from 'zod';
import type { Identities } from './identities.ts';
import { type Interference, type Rule, rule, type Standing } from './interference.ts';
import type { TrailDelivery } from './trail-delivery.ts';

const id = z.string();
const asked = z.discriminatedUnion('do', [
	z.strictObject({ do: z.literal('add'), rule }),
	z.strictObject({ do: z.literal('lift'), id }),
	z.strictObject({ do: z.literal('standing'), id }),
	z.strictObject({ do: z.literal('withhold'), says: z.array(z.string().min(1)).min(1) }),
	z.strictObject({ do: z.literal('release'), id }),
	z.strictObject({ do: z.literal('flush') }),
	z.strictObject({ do: z.literal('sessions'), name: z.string() }),
]);
const standing = z.object({ met: z.int(), waiting: z.int(), gone: z.int() }).nullable();
const session = z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string(), roleArn: z.string() });
/** What a session's holder has. */
export type Held = z.infer<typeof session>;

export type Controlled = { readonly interference: Interference; readonly trail: TrailDelivery; readonly identities: Identities };

export async function controlled(proxy: Controlled): Promise<{ url: string; close(): void }> {
	const server = createServer(async (incoming, outgoing) => {
		const parts: Buffer[] = [];
		for await (const part of incoming) parts.push(part as Buffer);
		const parsed = asked.safeParse(JSON.parse(Buffer.concat(parts).toString()));
		if (!parsed.success) return void outgoing.writeHead(400).end(z.prettifyError(parsed.error));
		done(parsed.data, proxy).then(
			(said) => outgoing.end(JSON.stringify(said ?? null)),
			(error: unknown) => outgoing.writeHead(500).end(String(error)),
		);
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port to be told on');
	return { url: `http://127.0.0.1:${address.port}`, close: () => void server.close().closeAllConnections() };
}

async function done(told: z.infer<typeof asked>, { interference, trail, identities }: Controlled): Promise<unknown> {
	switch (told.do) {
		case 'add':
			return interference.add(told.rule);
		case 'lift':
		case 'standing':
			return interference[told.do](told.id);
		case 'withhold':
			return trail.withhold(told.says);
		case 'release':
			return trail.release(told.id);
		case 'flush':
			return trail.flush();
		case 'sessions':
			return identities.named(told.name);
	}
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
			const own = z.string().parse(await tell({ do: 'add', rule: given }));
			return {
				standing: async (): Promise<Standing> => standing.parse(await tell({ do: 'standing', id: own })) ?? { met: 0, waiting: 0, gone: 0 },
				lift: async (): Promise<void> => void (await tell({ do: 'lift', id: own })),
			};
		},
		/** Events of the trail that have all these texts don't come, until they are released. */
		withhold: async (...says: string[]) => {
			const own = z.string().parse(await tell({ do: 'withhold', says }));
			return { release: async (): Promise<void> => void (await tell({ do: 'release', id: own })) };
		},
		/** Once all that was recorded until now, and is not withheld, stands in the log group. */
		flush: async (): Promise<void> => void (await tell({ do: 'flush' })),
		/** What the holders of sessions of that name have: an attacker who has taken one over. */
		sessionsNamed: async (name: string): Promise<Held[]> => z.array(session).parse(await tell({ do: 'sessions', name })),
	};
}
