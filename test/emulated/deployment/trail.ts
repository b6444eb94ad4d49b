/** The deployment's trail, made as its template says through CloudTrail's own API: CloudFormation has no such resource here. */
import {
	CloudTrailClient,
	CreateTrailCommand,
	DeleteTrailCommand,
	PutEventSelectorsCommand,
	StartLoggingCommand,
	StopLoggingCommand,
	UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import type { Keys } from '../desk/signed.ts';
import type { Outputs } from './deploy.ts';

const texts = z.array(z.string()).optional();
const template = z.object({
	trailName: z.string(),
	s3BucketName: z.string(),
	cloudWatchLogsLogGroupArn: z.string(),
	cloudWatchLogsRoleArn: z.string(),
	isMultiRegionTrail: z.boolean(),
	advancedEventSelectors: z.array(
		z.strictObject({
			name: z.string(),
			fieldSelectors: z.array(z.strictObject({ field: z.string(), equalTo: texts, startsWith: texts, notEndsWith: texts })),
		}),
	),
});

export type TrailAdministration = ReturnType<typeof trailOf>;

/** What an administrator does to it. */
export function trailOf(outputs: Outputs, { endpoint, region, credentials }: { endpoint: string; region: string; credentials: Keys }) {
	const client = new CloudTrailClient({ endpoint, region, credentials });
	const { trailName: Name, ...said } = template.parse(JSON.parse(outputs.Trail ?? '{}'));
	const create = async (): Promise<void> => {
		await client.send(
			new CreateTrailCommand({
				Name,
				S3BucketName: said.s3BucketName,
				CloudWatchLogsLogGroupArn: said.cloudWatchLogsLogGroupArn,
				CloudWatchLogsRoleArn: said.cloudWatchLogsRoleArn,
				IsMultiRegionTrail: said.isMultiRegionTrail,
				EnableLogFileValidation: true,
			}),
		);
		const AdvancedEventSelectors = said.advancedEventSelectors.map(({ name, fieldSelectors }) => ({
			Name: name,
			FieldSelectors: fieldSelectors.map(({ field, equalTo, startsWith, notEndsWith }) => ({
				Field: field,
				...(equalTo && { Equals: equalTo }),
				...(startsWith && { StartsWith: startsWith }),
				...(notEndsWith && { NotEndsWith: notEndsWith }),
			})),
		}));
		await client.send(new PutEventSelectorsCommand({ TrailName: Name, AdvancedEventSelectors }));
		await client.send(new StartLoggingCommand({ Name }));
	};
	return {
		create,
		start: async (): Promise<void> => void (await client.send(new StartLoggingCommand({ Name }))),
		stop: async (): Promise<void> => void (await client.send(new StopLoggingCommand({ Name }))),
		delete: async (): Promise<void> => void (await client.send(new DeleteTrailCommand({ Name }))),
		inAllRegions: async (IsMultiRegionTrail: boolean): Promise<void> =>
			void (await client.send(new UpdateTrailCommand({ Name, IsMultiRegionTrail }))),
	};
}
