/** The adapter with nothing but a fault proxy between it and the database. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoOptions, type DynamoStore, dynamoStore } from '../../adapters/dynamodb/store.ts';
import { type Confirm, type FaultPlan, type FaultProxy, faultProxy } from './fault-proxy.ts';
import { here, localClient } from './local-store.ts';

/** `on`: the client as it is shipped, which tries twice. `off`: every lost answer reaches the adapter. */
export type Retries = 'on' | 'off';
export type ProxiedStore = { readonly store: DynamoStore; readonly proxy: FaultProxy; close(): Promise<void> };

type Through = {
	readonly database: string;
	readonly plan?: FaultPlan;
	readonly retries?: Retries;
	readonly alter?: (client: DynamoDBClient) => void;
	readonly confirm?: Confirm;
};

export async function proxiedStore(
	options: DynamoOptions,
	{ database, plan, retries = 'on', alter, confirm }: Through,
): Promise<ProxiedStore> {
	const proxy = await faultProxy(database, plan, confirm);
	const client = retries === 'on' ? localClient(proxy.endpoint) : new DynamoDBClient({ ...here, endpoint: proxy.endpoint, maxAttempts: 1 });
	alter?.(client);
	const close = async (): Promise<void> => {
		await proxy.close();
		client.destroy();
	};
	const store = dynamoStore({ ...options, client });
	// DynamoDB Local keeps a database for each access key, so a session would find no tables. Commits under a session have a test of their own.
	const append: typeof store.ledger.append = (entry, { session: _session, ...together } = {}) => store.ledger.append(entry, together);
	return { store: { ...store, ledger: { ...store.ledger, append } }, proxy, close };
}
