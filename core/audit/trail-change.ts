/** The trail switched off, on or changed, and the ways of cutting what carries its events to us. */
import * as z from 'zod';
import type { CloudTrailEvent } from './event-shape.ts';
import type { Known } from './known.ts';
import { seesAll } from './sees-all.ts';

type Coverage = 'off' | 'less' | 'on';

/** Events after which less may be seen. Those that were refused changed nothing, and are no witness. */
const offs = new Set(['StopLogging', 'DeleteTrail', 'DeleteLogGroup', 'DeleteLogStream', 'DeleteSubscriptionFilter', 'DeleteStream']);
const changes = ['UpdateTrail', 'PutEventSelectors', 'PutSubscriptionFilter'] as const;
const ons = new Set(['StartLogging', 'CreateTrail']);
const sources = new Set(['cloudtrail.amazonaws.com', 'logs.amazonaws.com', 'kinesis.amazonaws.com']);

/** `other`: a change of a trail that is not ours. `undefined`: no such event. */
export function trailChange(event: CloudTrailEvent, known: Known): Coverage | 'other' | undefined {
	const { eventSource, eventName, errorCode } = event;
	const change = changes.find((name) => name === eventName);
	if (!sources.has(eventSource) || !(offs.has(eventName) || change || ons.has(eventName))) return undefined;
	if (errorCode || !(known.carriers ?? []).some((arn) => names(event, arn))) return 'other';
	if (!change) return ons.has(eventName) ? 'on' : 'off';
	return seesAll(change, event.requestParameters, known) ? 'on' : 'less';
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
