/** The trail switched off, on or changed, and the ways of cutting what carries its events to us. */
import * as z from 'zod';
import type { CloudTrailEvent } from './event-shape.ts';
import type { Known } from './known.ts';

type Coverage = 'off' | 'less' | 'on';

/** Events after which less may be seen. Those that were refused changed nothing, and are no witness. */
const offs = new Set(['StopLogging', 'DeleteTrail', 'DeleteLogGroup', 'DeleteLogStream', 'DeleteSubscriptionFilter', 'DeleteStream']);
const changes = new Set(['UpdateTrail', 'PutEventSelectors', 'PutSubscriptionFilter']);
const ons = new Set(['StartLogging', 'CreateTrail']);
const sources = new Set(['cloudtrail.amazonaws.com', 'logs.amazonaws.com', 'kinesis.amazonaws.com']);

/** `other`: a change of a trail that is not ours. `undefined`: no such event. */
export function trailChange(event: CloudTrailEvent, known: Known): Coverage | 'other' | undefined {
	const { eventSource, eventName, errorCode } = event;
	if (!sources.has(eventSource) || !(offs.has(eventName) || changes.has(eventName) || ons.has(eventName))) return undefined;
	if (errorCode || !(known.carriers ?? []).some((arn) => names(event, arn))) return 'other';
	if (ons.has(eventName)) return 'on';
	return offs.has(eventName) || !seesAll(event) ? (offs.has(eventName) ? 'off' : 'less') : 'on';
}

const named = z.record(z.string(), z.unknown());
const nameFields = ['name', 'trailName', 'trailArn', 'trailARN', 'logGroupName', 'logGroupIdentifier', 'streamName', 'streamARN'];

/** Whether the request names what `arn` does, in full or by its name alone. */
function names(event: CloudTrailEvent, arn: string): boolean {
	const asked = named.safeParse(event.requestParameters);
	if (!asked.success) return false;
	const bare = arn
		.split(':')
		.slice(5)
		.join(':')
		.replace(/^(trail\/|stream\/|log-group:)/, '')
		.replace(/:\*$/, '');
	const whole = arn.replace(/:\*$/, '');
	// A bare name is one's own account's and region's.
	const here = event.recipientAccountId === arn.split(':')[4] && event.awsRegion === arn.split(':')[3];
	return nameFields.some((field) => {
		const value = asked.data[field];
		return value === whole || (here && bare !== '' && value === bare);
	});
}

const full = z.object({
	isMultiRegionTrail: z.literal(true).optional(),
	includeGlobalServiceEvents: z.literal(true).optional(),
	eventSelectors: z
		.array(
			z.object({
				readWriteType: z.literal('All'),
				includeManagementEvents: z.literal(true),
				excludeManagementEventSources: z.array(z.never()).optional(),
			}),
		)
		.min(1)
		.optional(),
	advancedEventSelectors: z.undefined().optional(),
	cloudWatchLogsLogGroupArn: z.string().min(1).optional(),
	s3BucketName: z.undefined().optional(),
});

/** Whether a change says of itself that all is seen. Of what it does not say, and of where it now goes, nothing is known. */
const seesAll = ({ eventName, requestParameters }: CloudTrailEvent): boolean => {
	const said = full.safeParse(requestParameters);
	if (!said.success) return false;
	return eventName === 'PutEventSelectors' ? said.data.eventSelectors !== undefined : said.data.isMultiRegionTrail === true;
};
