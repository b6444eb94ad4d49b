// What a deployment sets its trail, its selectors and its subscription to, its own `ingest` takes for all that has to be seen.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { seesAll } from '../../core/audit/sees-all.ts';
import { knownOf, knownVariables } from '../../functions/lambda/environment.ts';
import { functionsIn, one, withDeployed, world } from './deployed-world.ts';
import type { World } from './iam.ts';

type Properties = Readonly<Record<string, unknown>>;
const propertiesOf = (within: World, type: string): Properties =>
	one(
		within.deployed.find((each) => each.type === type),
		type,
	).properties;

const fields = z.array(z.object({ Name: z.string(), FieldSelectors: z.array(z.record(z.string(), z.unknown())) }));
/** As the requests are that CloudFormation makes of it, in CloudTrail's words. */
function requests(within: World): { selectors: Properties; settings: Properties; subscription: Properties } {
	const trail = propertiesOf(within, 'AWS::CloudTrail::Trail');
	const filter = propertiesOf(within, 'AWS::Logs::SubscriptionFilter');
	const advancedEventSelectors = fields.parse(trail.AdvancedEventSelectors).map(({ Name, FieldSelectors }) => ({
		name: Name,
		fieldSelectors: FieldSelectors.map(({ Field, Equals, StartsWith, NotEndsWith }) => ({
			field: Field,
			...(Equals !== undefined && { equals: Equals }),
			...(StartsWith !== undefined && { startsWith: StartsWith }),
			...(NotEndsWith !== undefined && { notEndsWith: NotEndsWith }),
		})),
	}));
	return {
		selectors: { trailName: trail.TrailName, advancedEventSelectors },
		settings: {
			name: trail.TrailName,
			s3BucketName: trail.S3BucketName,
			includeGlobalServiceEvents: trail.IncludeGlobalServiceEvents,
			isMultiRegionTrail: trail.IsMultiRegionTrail,
			enableLogFileValidation: trail.EnableLogFileValidation,
			cloudWatchLogsLogGroupArn: trail.CloudWatchLogsLogGroupArn,
		},
		subscription: { logGroupName: filter.LogGroupName, filterPattern: filter.FilterPattern, destinationArn: filter.DestinationArn },
	};
}

function complaints(within: World): string[] {
	return functionsIn(within)
		.filter(({ part }) => part === 'ingest' || part === 'backfill')
		.flatMap(({ name, function: { properties } }) => {
			const known = knownOf(knownVariables.parse((properties.Environment as { Variables: unknown }).Variables));
			const { selectors, settings, subscription } = requests(within);
			const seen = {
				selectors: seesAll('PutEventSelectors', selectors, known),
				settings: seesAll('UpdateTrail', settings, known),
				subscription: seesAll('PutSubscriptionFilter', subscription, known),
			};
			return Object.entries(seen).flatMap(([what, all]) => (all ? [] : [`${name} takes the ${what} for less`]));
		});
}

test('selectors, settings and subscription, each as deployed', () => {
	expect(functionsIn(world).filter(({ part }) => part === 'ingest' || part === 'backfill')).toHaveLength(2);
	expect(complaints(world)).toEqual([]);
});

test.for<[string, World]>([
	['a trail of one region', withDeployed(({ type }) => type === 'AWS::CloudTrail::Trail', { IsMultiRegionTrail: false })],
	['a subscription that filters', withDeployed(({ type }) => type === 'AWS::Logs::SubscriptionFilter', { FilterPattern: '{ $.x = 1 }' })],
	[
		'selectors of management alone',
		withDeployed(({ type }) => type === 'AWS::CloudTrail::Trail', {
			AdvancedEventSelectors: [{ Name: 'm', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }],
		}),
	],
])('control: %s', ([, naive]) => {
	expect(complaints(naive)).toHaveLength(2);
});
