/** A3: an AssumeRole event holds a session token in clear. It goes nowhere: not into a witness, a pointer, a line or an error. */
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { ingestHandler } from '../../functions/ingest/handler.ts';
import { issueEvent, known, sessionToken, streamData, streamRecord, useEvent } from '../doubles/trail-events.ts';

const hidden = { run: 'run-1' };
const hostile: Record<string, unknown> = {
	'an issue as it comes': issueEvent(hidden),
	'the token where a name should be': { ...issueEvent(hidden), eventName: sessionToken },
	'the token as a resource': {
		...useEvent(hidden),
		resources: [{ ARN: sessionToken }],
		requestParameters: { sessionToken, key: sessionToken },
	},
	'an issue that is cut off': JSON.stringify(issueEvent(hidden)).slice(0, -1),
	'the token as the events id': { ...issueEvent(hidden), eventID: sessionToken },
};

test.each(Object.entries(hostile))('%s', async (_, event) => {
	const { witnesses, state } = memoryAudit();
	const told: unknown[] = [];
	const handler = ingestHandler({
		witnesses,
		poison: { put: async (pointer) => void told.push(pointer) },
		known,
		log: (line) => void told.push(line),
		say: (line) => void told.push(line),
		now: () => 1,
	});
	const { sequenceNumber, data } = streamRecord(streamData([event]));
	const records = [{ eventID: 'shard:1', eventSourceARN: 'a/b', kinesis: { sequenceNumber, data } }];
	await handler({ Records: records } as never, { getRemainingTimeInMillis: () => 60_000 } as never);
	const everything = JSON.stringify([...state.witnesses.values(), ...told]);
	expect(everything).not.toContain(sessionToken);
	// The control: the same search finds it where nobody took it out.
	expect(JSON.stringify(event).includes(sessionToken)).toBe(true);
});
