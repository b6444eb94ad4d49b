/** Takes batches of the stream. Kinesis delivers again from the first record that failed; a throw is the whole batch. */
import middy from '@middy/core';
import * as z from 'zod';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { type IngestSurroundings, ingest } from './ingest.ts';

export const kinesisEvent = z.object({
	Records: z.array(
		z.object({
			eventID: z.string(),
			eventSourceARN: z.string(),
			kinesis: z.object({ sequenceNumber: z.string(), data: z.string() }),
		}),
	),
});

export type IngestHandlerSurroundings = Omit<IngestSurroundings, 'remainingMs'> & {
	/** One line a batch, which CloudWatch reads as metrics. */
	readonly say: (line: string) => void;
	readonly now: () => number;
};

export const ingestHandler = ({ say, now, ...around }: IngestHandlerSurroundings) =>
	middy(ownTimeouts)
		.use(reticent(around.log))
		.use(parsed(kinesisEvent))
		.handler(async ({ Records }, context) => {
			const records = Records.map(({ eventID, eventSourceARN, kinesis }) => ({
				stream: eventSourceARN.split('/').at(-1) ?? '',
				shard: eventID.split(':')[0] ?? '',
				...kinesis,
			}));
			const { failed, counts } = await ingest(records, { ...around, remainingMs: () => context.getRemainingTimeInMillis() });
			const { dropped, ...plain } = counts;
			const notOurs = Object.values(dropped).reduce((sum, count) => sum + count, 0);
			say(metricLine({ function: 'ingest', at: now(), values: { ...plain, dropped: notOurs }, besides: { dropped } }));
			return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
		});
