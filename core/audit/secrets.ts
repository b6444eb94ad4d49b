/**
 * Takes every secret of an event out of what is kept of it. Most fields are never copied; but an event may repeat a token
 * where a name is expected, and what one service calls a token another may call a parameter.
 */
import type { Witness } from './witness.ts';

/** What an event may hold, in values looked at; beyond that it can't be said to be searched. */
const VALUES_SEARCHED = 50_000;
const secretName = /(token|secret|password|passphrase|credential|private_?key|authorization|signature|plaintext)/i;
/** Names that only look like it: an id that tells one request from another is what witnesses are matched by. */
const harmlessName = /^(clientRequestToken|clientToken|idempotencyToken|nextToken|secretId|secretArn|accessKeyId)$/i;
/** A shorter secret would strike out half of all names. */
const LEAST_CHARACTERS = 8;
export const REDACTED = '[redacted]';

/** The witness without them; `undefined` when one stands in a part that it can't do without, or the search has no end. */
export function withoutSecrets(kept: Witness, event: unknown): Witness | undefined {
	const secrets = secretsOf(event);
	if (secrets === undefined) return undefined;
	if (secrets.size === 0) return kept;
	const holds = (text: string): boolean => [...secrets].some((secret) => text.includes(secret));
	if (!values(kept).some(holds)) return kept;
	const strike = (text: string): string => (holds(text) ? REDACTED : text);
	if (kept.kind !== 'use' && kept.kind !== 'record') return undefined;
	const struck = {
		...kept,
		resources: kept.resources.map(strike),
		request: Object.fromEntries(Object.entries(kept.request).map(([name, value]) => [strike(name), strike(value)])),
		cut: true,
	};
	return values(struck).some(holds) ? undefined : struck;
}

/** Every text under a name that says it is a secret, or under one that stands below such a name. */
function secretsOf(event: unknown): Set<string> | undefined {
	const secrets = new Set<string>();
	const open: { value: unknown; secret: boolean }[] = [{ value: event, secret: false }];
	for (let searched = 0; open.length > 0; searched += 1) {
		if (searched > VALUES_SEARCHED) return undefined;
		const { value, secret } = open.pop() ?? { value: null, secret: false };
		if (typeof value === 'string') {
			if (secret && value.length >= LEAST_CHARACTERS && value !== 'REDACTED' && !value.startsWith('HIDDEN')) secrets.add(value);
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, inner] of Object.entries(value)) open.push({ value: inner, secret: isSecret(name, secret, inner) });
		}
	}
	return secrets;
}

function isSecret(name: string, within: boolean, value: unknown): boolean {
	if (harmlessName.test(name)) return false;
	// `credentials` holds the key's id and its end beside what is secret in it.
	if (/^credentials?$/i.test(name) && typeof value === 'object') return false;
	return within || secretName.test(name);
}

/** Every text in a witness, names of the request included. */
function values(kept: unknown): string[] {
	if (typeof kept === 'string') return [kept];
	if (typeof kept !== 'object' || kept === null) return [];
	return Object.entries(kept).flatMap(([name, value]) => [name, ...values(value)]);
}
