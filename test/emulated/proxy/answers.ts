/** What an answer says, as far as CloudTrail keeps it: errors of every protocol, and the XML of the query protocol. */
import { jsonOf } from './operation.ts';
import type { Reply } from './upstream.ts';

export type Refusal = { readonly code: string; readonly message: string };

/** The error in an answer; `undefined` when the call succeeded. */
export function refusalIn(reply: Reply): Refusal | undefined {
	if (reply.status < 400) return undefined;
	const text = reply.body.toString();
	const json = jsonOf(reply.body);
	const code = String(
		json.__type ?? json.code ?? json.Code ?? reply.headers['x-amzn-errortype'] ?? inXml(text, 'Code') ?? `Http${reply.status}`,
	);
	const message = String(json.message ?? json.Message ?? inXml(text, 'Message') ?? '');
	return { code: code.replace(/^.*#/, '').replace(/:.*$/, ''), message };
}

/** The text of the first element of that name. */
export function inXml(text: string, element: string): string | undefined {
	const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1];
	return found?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** `Jul 10, 2023, 12:30:04 PM`, as CloudTrail writes times inside answers. */
export function longTime(ms: number): string {
	const parts = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(new Date(ms));
	// Newer tables of names put a narrow space before AM and PM.
	return parts.replaceAll('\u202f', ' ');
}
