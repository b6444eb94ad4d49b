/** Functions by name, invoked and waited for: the door between a tool and its guard. */
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import * as z from 'zod';

/**
 * One try. A guard that was asked and not heard may have granted: whoever asks again has to be the state machine or the
 * report, which know what that means.
 */
const ATTEMPTS = 1;
const CONNECT_MS = 1_000;
/** Longer than a guard may take; the tool's own time is over well before. */
const ANSWER_MS = 40_000;

/** The function was not reached, or its answer was not heard. */
export class FunctionUnreachable extends Error {
	override name = 'FunctionUnreachable';
}

/** A client for `lambdaFunctions`. Region, endpoint and credentials come from the environment unless `config` has them. */
export function lambdaClient(config: Pick<LambdaClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): LambdaClient {
	return new LambdaClient({
		...config,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

const failure = z.object({ errorType: z.string().default('Error'), errorMessage: z.string().default('') });

export type Functions = {
	/** @throws the function's own error by name, as a state machine would see it; FunctionUnreachable */
	invoke(name: string, event: unknown): Promise<unknown>;
};

export function lambdaFunctions(client: LambdaClient): Functions {
	return {
		invoke: async (name, event) => {
			const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
			const answer = await client.send(command).catch((error: unknown) => {
				throw new FunctionUnreachable(`${name} gave no answer: ${error instanceof Error ? error.name : String(error)}`);
			});
			const payload = parsed(answer.Payload, name);
			if (answer.FunctionError === undefined) return payload;
			const { errorType, errorMessage } = failure.catch({ errorType: 'Error', errorMessage: '' }).parse(payload);
			throw Object.assign(new Error(errorMessage), { name: errorType });
		},
	};
}

function parsed(payload: Uint8Array | undefined, name: string): unknown {
	try {
		return JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
	} catch {
		throw new FunctionUnreachable(`${name} answered something that is no JSON`);
	}
}
