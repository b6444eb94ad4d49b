// The contract of clients, on one machine: the same as over HTTP, with processes of their own behind it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
// For vitest, which finds a name that an agent elsewhere imports only among files that it has read already.
import '../../index.ts';
import { decide } from '../../functions/decide/decide.ts';
import { localClient } from '../../local/client.ts';
import { clientContract, GARBLED, LIMIT } from '../contract/parts/client.ts';

const agentFile = `
import { defineAgent, defineTool } from 'throughline';
import * as z from 'zod';
const input = z.object({ what: z.string(), cents: z.int().optional() });
const common = { input, output: z.object({ receipt: z.string() }), timeoutSeconds: 10, resource: { type: 'Thing', id: ({ what }) => what } };
const post = defineTool({
	...common, name: 'book.post', description: 'Books.', effect: 'transaction', tables: ['book'],
	run: async ({ what, cents }) => ({ output: { receipt: what }, writes: [{ table: 'book', key: what, add: { posted: cents } }] }),
});
const read = defineTool({ ...common, name: 'file.read', description: 'Reads.', effect: 'read', run: async () => ({ read: 'nothing' }) });
export default defineAgent({
	name: 'clerk', tools: [post, read], entities: { Thing: {} },
	policies: {
		small: 'permit (principal, action == Action::"book.post", resource) when { context.input has cents && context.input.cents <= ${LIMIT} };',
		garbled: 'permit (principal, action == Action::"file.read", resource == Thing::"${GARBLED}");',
		large: 'permit (principal, action == Action::"book.post", resource) when { context.approved };',
	},
});
`;

clientContract('embedded', async () => {
	const root = mkdtempSync(join(tmpdir(), 'client-embedded-'));
	const agent = join(root, 'clerk');
	mkdirSync(agent);
	writeFileSync(join(agent, 'agent.ts'), agentFile);
	const begun = await Promise.all([localClient({ directory: join(root, 'state'), agent, by: 'local:alice' })]);
	const another = async () => {
		const next = await localClient({ directory: join(root, 'state'), agent, by: 'local:bob' });
		begun.push(next);
		return next;
	};
	onTestFinished(async () => {
		await Promise.all(begun.map((one) => one.end()));
		rmSync(root, { recursive: true, force: true, maxRetries: 5 });
	});
	const [client] = begun;
	return {
		client,
		another,
		approve: async (run, step, shown) => {
			await decide({ run, by: 'local:carol', answer: { is: 'approve', step, shown, note: 'as asked' } }, client.host);
		},
		booked: async (what) => Number((await client.host.directory.stores.tables.get('book', what))?.posted ?? 0),
	};
});
