/** The events in `test/data/cloudtrail/`, as they stand there. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const read = (name: string): string => readFileSync(new URL(`../../data/cloudtrail/${name}`, import.meta.url), 'utf8');
const lines = (name: string): string[] => read(name).split('\n').filter(Boolean);
const file = z.object({ Records: z.array(z.unknown()) });

export const samples = {
	/** A real account. */
	account: lines('invictus-aws_dataset.selection.ndjson'),
	/** The same, as one of CloudTrail's own log files. */
	logFile: file
		.parse(JSON.parse(read('invictus-s3-logfile.218007301253_CloudTrail_us-east-1_20230710T1205Z.json')))
		.Records.map((one) => JSON.stringify(one)),
	/** Examples of the documentation. */
	documented: lines('awsdocs-examples.ndjson'),
} as const;
