/** The credential broker of AWS: sessions of roles by AssumeRole, which nobody but a tool's guard may ask for. */
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { epochMs } from '../../core/ids.ts';
import { type Credentials, type Issuer, SessionPolicyRefused, type SessionRequest } from '../../core/ports.ts';

/** Safe to ask again: a session that nobody uses does no harm. A second one only counts against the request rate of STS. */
const ATTEMPTS = 2;
const CONNECT_MS = 1_000;
const ANSWER_MS = 3_000;

/** No session was issued, or none that we know of. Worth another try, unless the message says what to correct first. */
export class SessionNotIssued extends Error {
	override name = 'SessionNotIssued';
}

/** What an operator does about the errors after which asking again is no use. */
const advice = new Map([
	[
		'AccessDenied',
		"the role does not exist, or its trust policy does not name this function's role. Deploy the agent and its guards together",
	],
	['RegionDisabledException', 'STS is switched off in this region. Switch it on in the account settings'],
	['ExpiredTokenException', "the function's own credentials have expired. It has to be started anew"],
]);

/** A client for `stsIssuer`. Region, endpoint and credentials come from the environment unless `config` has them. */
export function stsClient(config: Pick<STSClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): STSClient {
	return new STSClient({
		...config,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

/** `rolePrefix` is everything of a role's ARN before the name that core has for it. @throws SessionPolicyRefused, SessionNotIssued */
export function stsIssuer({ client, rolePrefix }: { client: STSClient; rolePrefix: string }): Issuer {
	return {
		issue: async (request) => {
			const answer = await client.send(assume(request, rolePrefix)).catch((error: unknown) => {
				throw translated(error, request);
			});
			const issued = credentialsOf(answer.Credentials);
			if (!issued) throw new SessionNotIssued(`role ${request.role}: STS answered without credentials. Try again`);
			return issued;
		},
	};
}

const assume = (request: SessionRequest, rolePrefix: string): AssumeRoleCommand =>
	new AssumeRoleCommand({
		RoleArn: `${rolePrefix}${request.role}`,
		RoleSessionName: request.sessionName,
		SourceIdentity: request.sourceIdentity,
		Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
		Policy: request.policy,
		DurationSeconds: request.durationSeconds,
	});

function credentialsOf(
	given:
		| {
				AccessKeyId?: string | undefined;
				SecretAccessKey?: string | undefined;
				SessionToken?: string | undefined;
				Expiration?: Date | undefined;
		  }
		| undefined,
): Credentials | undefined {
	if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) return undefined;
	const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given;
	return { accessKeyId, secretAccessKey, sessionToken, expiresAt: epochMs.parse(given.Expiration.getTime()) };
}

/** STS quotes the policy in some messages, and a policy names what the input named: only its kind of error goes on. */
function translated(error: unknown, { role, policy }: SessionRequest): Error {
	const name = error instanceof Error ? error.name : 'an error without a name';
	switch (name) {
		case 'PackedPolicyTooLarge':
		case 'PackedPolicyTooLargeException':
			return new SessionPolicyRefused(
				`the session policy has ${policy.length} characters, and packed with its tags it is more than STS takes; bound the input's lengths in the tool's schema`,
			);
		case 'MalformedPolicyDocument':
		case 'MalformedPolicyDocumentException':
			return new SessionPolicyRefused("STS can't read the session policy; correct the actions and resources in the tool's access");
		default:
			return new SessionNotIssued(`role ${role}: ${name}: ${advice.get(name) ?? 'no answer that tells what became of it. Try again'}`);
	}
}
