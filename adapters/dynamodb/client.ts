/** The DynamoDB client as the ledger needs it: an answer soon, or none. */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Credentials } from '../../core/ports.ts';

/**
 * Tries the SDK makes of one request. Few: core repeats an unknown append itself, and a try that landed unheard
 * makes the next one lose against its own entry.
 */
const ATTEMPTS = 2;
const CONNECT_MS = 1_000;
/** A DynamoDB that works answers in milliseconds. Past this the answer is `unknown`, with time left to ask again. */
const ANSWER_MS = 3_000;

/** A client for `dynamoStore`. Region, endpoint and credentials come from the environment unless `config` has them. */
export function dynamoClient(config: Pick<DynamoDBClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): DynamoDBClient {
	return new DynamoDBClient({
		...config,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

/** A client to where `client` leads, in the name of `session`. */
export function clientAs({ config }: DynamoDBClient, session: Credentials): DynamoDBClient {
	const { accessKeyId, secretAccessKey, sessionToken } = session;
	// Undefined when nobody set one; the SDK then finds its own by the region.
	const endpoint = config.isCustomEndpoint === true && config.endpoint ? { endpoint: config.endpoint } : {};
	return new DynamoDBClient({
		region: config.region,
		...endpoint,
		credentials: { accessKeyId, secretAccessKey, sessionToken },
		maxAttempts: ATTEMPTS,
		// Its connections are open already, and are no session's.
		requestHandler: config.requestHandler,
	});
}
