/** A3: what was secret, looked for in everything that outlives a function. */
import type { Finding } from './finding.ts';
import type { Seen } from './seen.ts';
import type { World } from './world.ts';

export function secrets({ seen, accounts }: World): Finding[] {
	const secret = secretsOf(seen);
	const clear = placesInClear(seen);
	const opened: Place[] = accounts.map(({ seen: { run }, contents }) => [`what is sealed in ${run}`, JSON.stringify([...contents])]);
	// Hardly ever is one anywhere: each is looked for once in all of it, and only then where.
	const places = [...clear, ...opened];
	const all = places.map(([, text]) => text).join('\n');
	const anywhere = secret.filter(({ value }) => all.includes(value));
	const found = [
		...places.flatMap(([where, text]) => anywhere.filter(({ value }) => text.includes(value)).map(({ what }) => [where, what])),
		...clear.flatMap(([where, text]) =>
			seen.sealed.filter((value) => text.includes(value)).map(() => [where, 'a text that must be sealed']),
		),
	];
	return found.map(([where, what]): Finding => ({ kind: 'secret', run: '', says: `${where} holds ${what}` }));
}

type Place = [where: string, text: string];

function secretsOf(seen: Seen): { what: string; value: string }[] {
	return [
		...seen.sessions.flatMap(({ credentials }) => [
			{ what: 'a secret access key', value: credentials.secretAccessKey },
			{ what: 'a session token', value: credentials.sessionToken },
		]),
		...seen.handedOut.map(({ token }) => ({ what: 'a report token', value: token })),
		...[...seen.state.keys.values()].flatMap((key) =>
			key === 'destroyed'
				? []
				: (['base64url', 'base64', 'hex', 'latin1'] as const).map((form) => ({
						what: 'a run key',
						value: Buffer.from(key).toString(form),
					})),
		),
	];
}

/** What a guard is asked and answers goes from process to process and is kept nowhere; all else is. */
function placesInClear({ state, invocations, logged }: Seen): Place[] {
	const carried = invocations.filter(({ function: name }) => !name.endsWith('__guard'));
	return [
		['a ledger', [...state.chains.values()].flatMap((chain) => chain.map(({ body }) => body)).join('\n')],
		['a payload', [...state.payloads.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n')],
		['a claim', JSON.stringify([...state.claims.values()])],
		['a table', JSON.stringify([...state.items])],
		['a state machine', JSON.stringify(carried.map(({ event, answer }) => [event, answer]))],
		['an error', JSON.stringify(invocations.map(({ error }) => error))],
		['a log', JSON.stringify(logged)],
	];
}
