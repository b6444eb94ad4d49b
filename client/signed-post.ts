/** One request to a function behind a URL, signed as IAM demands; and what its answer means. */
import type { SFNClient } from '@aws-sdk/client-sfn';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { DoorClosed, DoorRefused, finalErrors } from './doors.ts';

/** Longer than any of these functions may take. */
const ANSWER_MS = 35_000;
/** More than Lambda lets a function answer. */
const ANSWER_BYTES = 7_000_000;

export type SignedPost = {
	/** Whose region, credentials and digests are used: the same as for the state machine. */
	readonly client: Pick<SFNClient, 'config'>;
	readonly url: string;
	readonly body: unknown;
	readonly signal: AbortSignal;
};

/** @throws DoorRefused, DoorClosed; anything else may be tried again */
export async function signedPost({ client, url, body, signal }: SignedPost): Promise<unknown> {
	const { credentials, region, sha256 } = client.config;
	const { protocol, hostname, port, pathname, host } = new URL(url);
	const signer = new SignatureV4({ credentials, region, sha256, service: 'lambda' });
	const request = { method: 'POST', protocol, hostname, path: pathname, query: {}, body: JSON.stringify(body) };
	const signed = await signer.sign({
		...request,
		...(port && { port: Number(port) }),
		headers: { host, 'content-type': 'application/json' },
	});
	const { host: _sentAnyway, ...headers } = signed.headers;
	const response = await fetch(url, {
		method: 'POST',
		headers,
		body: request.body,
		redirect: 'error',
		signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
	});
	const text = await textOf(response);
	if (response.status === 200) return JSON.parse(text);
	throw failure(response.status, text);
}

async function textOf(response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of response.body ?? []) {
		bytes += chunk.length;
		if (bytes > ANSWER_BYTES) throw new DoorClosed(`an answer of more than ${ANSWER_BYTES} bytes: no function of ours gives one`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

const errorShape = z.object({ error: z.string().max(200), message: z.string().max(4_000) });

function failure(status: number, text: string): Error {
	const said = errorShape.safeParse(jsonOf(text));
	if (said.success && finalErrors.has(said.data.error)) return new DoorRefused(`${said.data.error}: ${said.data.message}`);
	const isFinal = status !== 408 && status !== 429 && status < 500;
	// AWS itself answers these: no function was asked.
	if (isFinal)
		return new DoorClosed(`the request was answered ${status}; may this caller invoke the function, and is the URL the agent's?`);
	return new Error(`answered ${status}${said.success ? ` (${said.data.error})` : ''}`);
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
