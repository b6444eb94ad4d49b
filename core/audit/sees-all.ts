/** Whether a change of the trail, or of what carries its events to us, says of itself that all is seen. Of what it does not say nothing is known. */
import * as z from 'zod';
import { dataTypes, type Known, selfFeeding } from './known.ts';

type Change = 'UpdateTrail' | 'PutEventSelectors' | 'PutSubscriptionFilter';

/** `parameters`: as the event has them, whatever they are. */
export function seesAll(name: Change, parameters: unknown, known: Known): boolean {
	switch (name) {
		case 'UpdateTrail': {
			const said = everywhere.safeParse(parameters);
			const carriers = known.carriers ?? [];
			if (!said.success) return false;
			const { cloudWatchLogsLogGroupArn: group, s3BucketName: bucket } = said.data;
			return (!group || carriers.includes(group)) && (!bucket || carriers.some((arn) => arn.endsWith(`:s3:::${bucket}`)));
		}
		case 'PutSubscriptionFilter': {
			const said = unfiltered.safeParse(parameters);
			return said.success && (known.carriers ?? []).includes(said.data.destinationArn);
		}
		case 'PutEventSelectors': {
			const said = selected.safeParse(parameters);
			if (!said.success) return false;
			return 'eventSelectors' in said.data || seesWatched(said.data.advancedEventSelectors, known);
		}
	}
}

const everywhere = z.object({
	isMultiRegionTrail: z.literal(true),
	includeGlobalServiceEvents: z.literal(true).optional(),
	enableLogFileValidation: z.literal(true).optional(),
	/** Empty, events would go nowhere. */
	cloudWatchLogsLogGroupArn: z.string().min(1).optional(),
	s3BucketName: z.string().min(1).optional(),
});

const unfiltered = z.object({ filterPattern: z.literal(''), destinationArn: z.string() });

const fieldSelector = z.strictObject({
	field: z.string(),
	equals: z.array(z.string()).optional(),
	startsWith: z.array(z.string()).optional(),
	notEndsWith: z.array(z.string()).optional(),
});
const advanced = z.strictObject({ name: z.string().nullish(), fieldSelectors: z.array(fieldSelector).min(1) });
type Fields = z.infer<typeof fieldSelector>[];

const selected = z.union([
	z.object({ advancedEventSelectors: z.array(advanced).min(1) }),
	z.object({
		eventSelectors: z
			.array(
				z.object({
					readWriteType: z.literal('All'),
					includeManagementEvents: z.literal(true),
					excludeManagementEventSources: z.array(z.never()).optional(),
				}),
			)
			.min(1),
	}),
]);

/** All of management, and of data what is watched. What the selectors see besides does no harm. */
function seesWatched(selectors: readonly z.infer<typeof advanced>[], known: Known): boolean {
	if (!known.watched) return false;
	const all = selectors.map(({ fieldSelectors }) => fieldSelectors);
	const management = all.some((fields) => fields.length === 1 && only(fields, 'eventCategory', 'Management'));
	return management && known.watched.every((arn) => all.some((fields) => seesDataOf(arn, fields, known)));
}

function seesDataOf(arn: string, fields: Fields, known: Known): boolean {
	const type = dataTypes[arn.split(':')[2] ?? ''];
	if (type === undefined || !only(fields, 'eventCategory', 'Data') || !only(fields, 'resources.type', type)) return false;
	const prefix = known.rolePrefix.split(':role/')[1] ?? '';
	const leftOut: readonly string[] = selfFeeding.map((name) => `/${prefix}${name}`);
	return fields.every(({ field, equals, startsWith, notEndsWith }) => {
		if (field === 'eventCategory' || field === 'resources.type') return true;
		if (field === 'resources.ARN') return !equals && !notEndsWith && (startsWith ?? []).some((start) => arn.startsWith(start));
		return field === 'userIdentity.arn' && !equals && !startsWith && (notEndsWith ?? []).every((end) => leftOut.includes(end));
	});
}

/** One selector of this field, and of that one value. */
function only(fields: Fields, name: string, value: string): boolean {
	const [one, ...more] = fields.filter(({ field }) => field === name);
	return (
		one !== undefined && more.length === 0 && one.equals?.length === 1 && one.equals[0] === value && !one.startsWith && !one.notEndsWith
	);
}
