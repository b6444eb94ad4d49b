/** One request to a service outside, and what its answer lets a tool conclude. */
import { EffectFailed, type ToolContext } from 'throughline';
import * as z from 'zod';

const ANSWER_BYTES = 262_144;
const MESSAGE_CHARACTERS = 300;

/**
 * Answers with which a service says that it did nothing. Any other, a broken line, or an answer that can't be read
 * leaves open what happened. Not among them: 408 and 409, which may be about a request still under way.
 */
const DID_NOTHING: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 421, 422]);

export const id = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'an id is 1 to 40 of A-Z a-z 0-9 _ -');
export const amountCents = z.int().min(1).max(100_000_000);

const refusal = z.object({ error: z.string(), message: z.string() });

export type Question<A extends z.ZodType> = {
	/** The name of the setting that holds the service's address. */
	service: 'ORDERS_URL' | 'PAYMENTS_URL' | 'CARRIER_URL' | 'MAIL_URL';
	/** Path and query, already encoded. */
	path: string;
	/** Posted as JSON; without it, the request is a GET. */
	body?: unknown;
	headers?: Readonly<Record<string, string>>;
	answer: A;
};

/**
 * Asks once.
 *
 * @throws EffectFailed when the service says that it did nothing; any other error means that nobody knows.
 */
export async function ask<A extends z.ZodType>(
	{ service, path, body, headers, answer }: Question<A>,
	{ settings, credentials, signal }: Pick<ToolContext, 'settings' | 'credentials' | 'signal'>,
): Promise<z.infer<A>> {
	const base = settings[service];
	if (!base) throw new EffectFailed(`the setting ${service} is missing; nothing was sent`);
	const response = await fetch(new URL(path, base), {
		method: body === undefined ? 'GET' : 'POST',
		headers: {
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
			'x-session-token': credentials.sessionToken,
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
		// A redirect would carry the session to an address nobody declared.
		redirect: 'error',
		signal,
	});
	const json = parseJson(await readText(response));
	if (response.ok) return answer.parse(json);
	const said = refusal.safeParse(json);
	const text = `${service.slice(0, -4).toLowerCase()} answered ${response.status}${said.success ? `: ${said.data.message}` : ''}`;
	// Only the service itself says this in its own words; a proxy's page with the same number says nothing.
	if (said.success && DID_NOTHING.has(response.status)) throw new EffectFailed(text.slice(0, MESSAGE_CHARACTERS));
	throw new Error(text.slice(0, MESSAGE_CHARACTERS));
}

async function readText(response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	for await (const chunk of response.body ?? []) {
		sizeBytes += chunk.length;
		if (sizeBytes > ANSWER_BYTES) throw new Error(`the answer has more than ${ANSWER_BYTES} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
