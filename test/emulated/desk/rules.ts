/** Rules of EventBridge, switched on and off as its console would: how an event that never arrives is made. */
import * as z from 'zod';
import { type Keys, signedPost } from './signed.ts';

type Asking = { readonly endpoint: string; readonly region: string; readonly keys: Keys };
const listed = z.object({ Rules: z.array(z.object({ Name: z.string() })) });

export async function switchRule(part: string, to: 'enabled' | 'disabled', asking: Asking): Promise<void> {
	const { Rules } = listed.parse(await events('ListRules', {}, asking));
	const named = Rules.filter(({ Name }) => Name.includes(part));
	if (named.length !== 1) throw new Error(`${named.length} rules are named like ${part}`);
	await events(to === 'enabled' ? 'EnableRule' : 'DisableRule', { Name: named[0]?.Name }, asking);
}

async function events(operation: string, input: unknown, { endpoint, region, keys }: Asking): Promise<unknown> {
	const sent = { body: JSON.stringify(input), type: 'application/x-amz-json-1.1', target: `AWSEvents.${operation}` };
	const answer = await signedPost(new URL('/', endpoint), sent, { keys, service: 'events', region });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
	return text === '' ? undefined : JSON.parse(text);
}
