/** AssumeRole on a role of ours: the moment a session begins, and the ledger's head that it was tagged with. */
import * as z from 'zod';
import { type EpochMs, epochMs } from '../ids.ts';
import { sha256 } from '../ledger/chain.ts';
import { type CloudTrailEvent, clean } from './event-shape.ts';
import { type Known, kindOf, ownRole } from './known.ts';
import type { WitnessOf } from './witness.ts';

const text = (most: number) => z.string().max(most).transform(clean).nullish().catch(null);
const parameters = z.object({
	roleArn: text(512),
	roleSessionName: text(128),
	sourceIdentity: text(128),
	policy: z.string().max(8_192).nullish().catch(null),
	tags: z
		.array(z.object({ key: z.string().max(128).transform(clean), value: z.string().max(256).transform(clean) }))
		.max(50)
		.nullish()
		.catch(null),
});
const response = z.object({ credentials: z.object({ accessKeyId: text(128), expiration: text(64) }) });

type Issue = Pick<WitnessOf<'issue'>, 'session' | 'expiresAt' | 'by' | 'tags' | 'policyDigest' | 'allows'>;

/** `undefined` when the role is not ours, or nothing says which it is. */
export function issueOf(event: CloudTrailEvent, known: Known): Issue | undefined {
	const asked = parameters.safeParse(event.requestParameters);
	const role = asked.success ? ownRole(asked.data.roleArn, known) : undefined;
	if (!asked.success || role === undefined) return undefined;
	const { roleSessionName, sourceIdentity, policy, tags } = asked.data;
	const issued = response.safeParse(event.responseElements);
	const { userIdentity } = event;
	return {
		session: {
			accessKeyId: (issued.success && issued.data.credentials.accessKeyId) || null,
			role,
			kind: kindOf(role),
			sessionName: roleSessionName ?? null,
			sourceIdentity: sourceIdentity ?? null,
			invokedBy: userIdentity?.invokedBy?.slice(0, 128).toWellFormed() ?? null,
		},
		expiresAt: issued.success ? expiration(issued.data.credentials.expiration) : null,
		by: (userIdentity?.sessionContext?.sessionIssuer?.arn ?? userIdentity?.arn)?.slice(0, 512).toWellFormed() ?? null,
		tags: Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value])),
		...policyOf(policy ?? undefined),
	};
}

const oneOrMore = (most: number) =>
	z
		.union([
			z
				.string()
				.max(most)
				.transform((one) => [one]),
			z.array(z.string().max(most)),
		])
		.transform((all) => all.map(clean));
const statements = z.object({
	Statement: z.array(
		z.union([
			z.object({ Effect: z.literal('Allow'), Action: oneOrMore(128), Resource: oneOrMore(2_048) }),
			z.object({ Effect: z.literal('Deny') }),
		]),
	),
});

/** A policy that is not of our making is no bound that could be read: `allows` is then `null`, and its digest tells. */
function policyOf(policy: string | undefined): Pick<Issue, 'policyDigest' | 'allows'> {
	if (policy === undefined) return { policyDigest: null, allows: null };
	try {
		const value: unknown = JSON.parse(policy);
		const parsed = statements.safeParse(value);
		return {
			// As it was sent, should a space have been added on the way.
			policyDigest: sha256(JSON.stringify(value)),
			allows: parsed.success
				? parsed.data.Statement.flatMap((one) => (one.Effect === 'Allow' ? [{ actions: one.Action, resources: one.Resource }] : []))
				: null,
		};
	} catch {
		return { policyDigest: sha256(policy), allows: null };
	}
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `Jul 10, 2023, 12:30:04 PM`, in UTC; some services write the time in ISO 8601. */
export function expiration(text: string | null | undefined): EpochMs | null {
	const [, month, day, year, hour, minute, second, half] =
		/^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})\s(AM|PM)$/u.exec(text ?? '') ?? [];
	const at =
		half === undefined
			? Date.parse(z.iso.datetime().safeParse(text).data ?? '')
			: Date.UTC(
					Number(year),
					months.indexOf(month ?? ''),
					Number(day),
					(Number(hour) % 12) + (half === 'PM' ? 12 : 0),
					Number(minute),
					Number(second),
				);
	const parsed = epochMs.safeParse(at);
	return parsed.success ? parsed.data : null;
}
