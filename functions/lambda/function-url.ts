/**
 * A function behind a URL that only signed requests reach. Who calls is what AWS says of the signature, never what the
 * request says of itself.
 */
import * as z from 'zod';
import { caller } from '../../core/ids.ts';
import type { LambdaContext, LambdaHandler } from './surroundings.ts';

const request = z.object({
	requestContext: z.object({ http: z.object({ method: z.literal('POST') }), authorizer: z.object({ iam: z.object({ userArn: caller }) }) }),
	body: z.string().max(6_000_000),
	isBase64Encoded: z.boolean().optional(),
});
export type UrlAnswer = { readonly statusCode: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const calledBy = Symbol('the caller, as AWS verified it');

/** For the handlers' own middleware. @throws when the function was reached by another way than its URL. */
export const callerOf = (context: unknown): string => caller.parse((context as { [calledBy]?: string })[calledBy]);

const statusOfError = new Map([
	['MalformedEvent', 400],
	['RunNotFound', 404],
	['CallDiverged', 409],
	['CallRefused', 422],
	['RunKeyLost', 410],
	['AppendUnknown', 503],
	['LedgerUnavailable', 503],
	['PlaceContended', 503],
]);

/** Serves `handler`, whose event is the request's JSON body, and whose answer becomes the response's. */
export const overUrl =
	(handler: LambdaHandler) =>
	async (event: unknown, context: LambdaContext): Promise<UrlAnswer> => {
		const parsed = request.safeParse(event);
		if (!parsed.success) return answer(400, { error: 'MalformedEvent', message: 'a POST with a JSON body, signed for this service' });
		const { body, isBase64Encoded, requestContext } = parsed.data;
		const inner = Object.assign(Object.create(context) as LambdaContext, { [calledBy]: requestContext.authorizer.iam.userArn });
		try {
			const text = isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body;
			return answer(200, await handler(jsonOf(text), inner));
		} catch (error) {
			const { name, message } = error instanceof Error ? error : new Error(String(error));
			return answer(statusOfError.get(name) ?? 500, { error: name, message });
		}
	};

/**
 * The same for a function that records no caller: a state machine, or whoever may invoke it, gives it the event as it is,
 * and gets the answer as it is.
 */
export const overUrlOrDirectly = (handler: LambdaHandler): LambdaHandler => {
	const url = overUrl(handler);
	return (event, context) => {
		const isRequest = typeof event === 'object' && event !== null && 'requestContext' in event;
		return isRequest ? url(event, context) : handler(event, context);
	};
};

/** What is no JSON is no event of any shape, and the handler says so. */
function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const answer = (statusCode: number, said: unknown): UrlAnswer => ({
	statusCode,
	headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
	body: JSON.stringify(said ?? null),
});
