/** A credential broker that tells what it issued. Its secrets are recognisable wherever they turn up. */
import { epochMs } from '../../core/ids.ts';
import type { Clock, Credentials, Issuer, SessionRequest } from '../../core/ports.ts';

export type FakeIssuer = {
	readonly issuer: Issuer;
	readonly issued: readonly { readonly request: SessionRequest; readonly credentials: Credentials }[];
	/** How far its clock is ahead of everybody else's. */
	aheadMs: number;
};

export function fakeIssuer(clock: Clock): FakeIssuer {
	const issued: { request: SessionRequest; credentials: Credentials }[] = [];
	const fake: FakeIssuer = {
		issued,
		aheadMs: 0,
		issuer: {
			issue: async (request) => {
				// As long as those that STS makes.
				const number = String(issued.length + 1).padStart(12, '0');
				const credentials = {
					accessKeyId: `ASIAFAKE${number}`,
					secretAccessKey: `secret-access-key-${number}-of-${request.sessionName}`,
					sessionToken: `session-token-${number}-of-${request.sessionName}`,
					expiresAt: epochMs.parse(clock.now() + request.durationSeconds * 1000 + fake.aheadMs),
				};
				issued.push({ request, credentials });
				return credentials;
			},
		},
	};
	return fake;
}
