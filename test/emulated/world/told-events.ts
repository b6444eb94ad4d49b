/**
 * Services outside AWS are in no CloudTrail. Refund-desk's tell of themselves in its shape, and are read here as an agent of theirs
 * would that may put events into the trail's log group: of this account and region, the session under its role's real name.
 */
import * as z from 'zod';
import { readTrail } from '../../../local/trail.ts';
import type { LogEvent } from '../proxy/trail-delivery.ts';

const issuer = z.looseObject({ arn: z.string() });
const told = z.looseObject({
	eventTime: z.iso.datetime(),
	userIdentity: z.looseObject({
		arn: z.string().optional(),
		sessionContext: z.looseObject({ sessionIssuer: issuer.nullable() }).optional(),
	}),
});

/** What has been told since it was last asked. `directory` is the world's. */
export function toldEvents(directory: string, { accountId, region }: { accountId: string; region: string }): () => LogEvent[] {
	const read: Record<string, number> = {};
	return () =>
		readTrail(directory, read).flatMap(({ file, lines, next }) => {
			read[file] = next;
			return lines.map((line) => {
				const event = told.parse(JSON.parse(line));
				const userIdentity = callerIn(event.userIdentity, accountId);
				const message = JSON.stringify({ ...event, userIdentity, awsRegion: region, recipientAccountId: accountId });
				return { timestamp: Date.parse(event.eventTime), message };
			});
		});
}

/** The edge hands a session on with its role's ARN, which a service takes for a bare name. */
function callerIn(identity: z.infer<typeof told>['userIdentity'], accountId: string): unknown {
	const given = identity.sessionContext?.sessionIssuer;
	if (!given) return identity;
	const arn = given.arn.slice(given.arn.indexOf('role/') + 'role/'.length);
	const [role, sessionName] = [arn.replace(/^.*\//, ''), identity.arn?.replace(/^.*\//, '')];
	return {
		...identity,
		accountId,
		arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${sessionName}`,
		sessionContext: { ...identity.sessionContext, sessionIssuer: { ...given, arn } },
	};
}
