/**
 * The part of CloudTrail that MiniStack has not: what trails select of the calls that went by is put into their log groups. A trail
 * is what went by says it is: made, given selectors, switched on and off through CloudTrail's own API, by whoever may.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import * as z from 'zod';
import type { Operation } from './operation.ts';
import type { CloudTrailEvent } from './recording.ts';
import { type Selectors, selectors, selects } from './selectors.ts';

/** Puts into a log stream of a log group, making it first. */
export type LogGroups = { put(to: { group: string; stream: string }, events: readonly LogEvent[]): Promise<void> };
export type LogEvent = { readonly timestamp: number; readonly message: string };
/** Texts that an event has to have, all of them. */
export type Withheld = readonly string[];

export type TrailDelivery = {
	/** `isDone`: the call was not refused. The call that stops a trail is its last event, the one that starts it the first. */
	take(event: CloudTrailEvent, operation: Operation, isDone: boolean): void;
	/** From now on such events are kept back, as if they were lost. */
	withhold(what: Withheld): string;
	/** They come after all: late. Events like them are delivered again. */
	release(id: string): void;
	/** Once all that was taken until now, and is not withheld, stands in the log group. */
	flush(): Promise<void>;
	close(): Promise<void>;
};
export type DeliveryOptions = {
	readonly logs: LogGroups;
	readonly accountId: string;
	/** Where what was delivered is written as well, one event a line. */
	readonly delivered: string;
	/** What services that are not AWS's have told of themselves since they were last asked, in CloudTrail's shape. */
	readonly others: () => readonly LogEvent[];
};

/** Bounds of PutLogEvents; CloudTrail leaves out what is larger than the last. */
const EVENTS_PER_PUT = 1_000;
const BYTES_PER_PUT = 1_000_000;
const BYTES_BESIDE = 26;
const EVENT_BYTES = 262_144;
const EVERY_MS = 200;

type Trail = { readonly region: string; group: string; isLogging: boolean; isMultiRegion: boolean; selects: Selectors };
type Queued = LogEvent & { readonly group: string; readonly stream: string };

export function trailDelivery({ logs, accountId, delivered, others }: DeliveryOptions): TrailDelivery {
	const trails = new Map<string, Trail>();
	const kept = new Map<string, { readonly what: Withheld; readonly events: Queued[] }>();
	const queue: Queued[] = [];
	let putting = Promise.resolve();

	const enter = (one: Queued): void => {
		const holding = [...kept.values()].find(({ what }) => what.every((text) => one.message.includes(text)));
		(holding?.events ?? queue).push(one);
	};
	const gather = (): void => {
		const [trail] = trails.values();
		if (trail) for (const one of others()) enter({ ...one, group: trail.group, stream: 'services' });
	};
	const putAll = async (): Promise<void> => {
		while (queue.length > 0) {
			const batch = nextBatch(queue);
			const [{ group, stream } = { group: '', stream: '' }] = batch;
			const events = batch.map(({ timestamp, message }) => ({ timestamp, message }));
			await logs.put(
				{ group, stream },
				events.toSorted((one, other) => one.timestamp - other.timestamp),
			);
			queue.splice(0, batch.length);
			appendFileSync(delivered, batch.map(({ message }) => `${message}\n`).join(''));
		}
	};
	const flush = (): Promise<void> => {
		gather();
		const next = putting.then(putAll);
		putting = next.catch(() => {});
		return next;
	};
	// What can't be put now is put later, as CloudTrail does; whoever flushes is told why.
	const timer = setInterval(() => void flush().catch(() => {}), EVERY_MS);
	timer.unref();

	return {
		take: (event, operation, isDone) => {
			const loggedBefore = new Set([...trails.values()].filter(({ isLogging }) => isLogging));
			if (isDone && operation.service === 'cloudtrail') change(trails, operation);
			const message = JSON.stringify(event);
			if (message.length > EVENT_BYTES) return;
			for (const trail of new Set([...loggedBefore, ...trails.values()])) {
				const isSeen = (loggedBefore.has(trail) || trail.isLogging) && (trail.isMultiRegion || trail.region === event.awsRegion);
				if (!isSeen || !selects(trail.selects, event)) continue;
				const stream = `${accountId}_CloudTrail_${trail.region}`;
				enter({ timestamp: Date.parse(event.eventTime), message, group: trail.group, stream });
			}
		},
		withhold: (what) => {
			gather();
			const id = randomUUID();
			kept.set(id, { what, events: [] });
			return id;
		},
		release: (id) => {
			gather();
			queue.push(...(kept.get(id)?.events ?? []));
			kept.delete(id);
		},
		flush,
		close: async () => {
			clearInterval(timer);
			await putting;
		},
	};
}

/** As many as go into one put: of one log stream, in the order in which they came. */
function nextBatch(queue: readonly Queued[]): Queued[] {
	const [first] = queue;
	let bytes = 0;
	let count = 0;
	for (const { message, group, stream } of queue.slice(0, EVENTS_PER_PUT)) {
		bytes += Buffer.byteLength(message) + BYTES_BESIDE;
		if (group !== first?.group || stream !== first.stream || (count > 0 && bytes > BYTES_PER_PUT)) break;
		count += 1;
	}
	return queue.slice(0, count);
}

const said = z.object({
	Name: z.string().optional(),
	TrailName: z.string().optional(),
	CloudWatchLogsLogGroupArn: z.string().optional(),
	IsMultiRegionTrail: z.boolean().optional(),
});
const managementOnly: Selectors = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }];

function change(trails: Map<string, Trail>, { name: what, input, region }: Operation): void {
	const { Name, TrailName = '', CloudWatchLogsLogGroupArn = '', IsMultiRegionTrail } = said.parse(input);
	const name = (Name ?? TrailName).replace(/^.*\//, '');
	const group = /:log-group:([^:]+)/.exec(CloudWatchLogsLogGroupArn)?.[1];
	const trail = trails.get(name);
	if (what === 'CreateTrail' && group !== undefined)
		trails.set(name, { region, group, isLogging: false, isMultiRegion: IsMultiRegionTrail === true, selects: managementOnly });
	if (!trail) return;
	if (what === 'UpdateTrail')
		Object.assign(trail, { group: group ?? trail.group, isMultiRegion: IsMultiRegionTrail ?? trail.isMultiRegion });
	if (what === 'PutEventSelectors') trail.selects = selectors.parse(input.AdvancedEventSelectors);
	if (what === 'StartLogging') trail.isLogging = true;
	if (what === 'StopLogging') trail.isLogging = false;
	if (what === 'DeleteTrail') trails.delete(name);
}
