/** What a trail selects of all events, by the advanced selectors that it was given. @see infra/constructs/event-selectors.ts */
import * as z from 'zod';
import type { CloudTrailEvent } from './recording.ts';

const texts = z.array(z.string()).optional();
const field = z.strictObject({
	Field: z.string(),
	Equals: texts,
	NotEquals: texts,
	StartsWith: texts,
	NotStartsWith: texts,
	EndsWith: texts,
	NotEndsWith: texts,
});
/** As CloudTrail's API takes them. */
export const selectors = z.array(z.object({ FieldSelectors: z.array(field) }));
export type Selectors = z.infer<typeof selectors>;
type Field = z.infer<typeof field>;

/** One selector is enough, and all of its fields. */
export const selects = (given: Selectors, event: CloudTrailEvent): boolean =>
	given.some(({ FieldSelectors }) => FieldSelectors.every((one) => valuesOf(event, one.Field).some((value) => holds(one, value))));

function holds({ Equals, NotEquals, StartsWith, NotStartsWith, EndsWith, NotEndsWith }: Field, value: string): boolean {
	const any = (those: readonly string[] | undefined, is: (other: string) => boolean): boolean => those === undefined || those.some(is);
	const none = (those: readonly string[] | undefined, is: (other: string) => boolean): boolean => those === undefined || !those.some(is);
	return (
		any(Equals, (other) => value === other) &&
		any(StartsWith, (other) => value.startsWith(other)) &&
		any(EndsWith, (other) => value.endsWith(other)) &&
		none(NotEquals, (other) => value === other) &&
		none(NotStartsWith, (other) => value.startsWith(other)) &&
		none(NotEndsWith, (other) => value.endsWith(other))
	);
}

/** A call may touch several resources: one that is selected is enough. What an event does not have is an empty text. */
function valuesOf({ eventCategory, eventName, eventSource, readOnly, resources, userIdentity }: CloudTrailEvent, of: string): string[] {
	switch (of) {
		case 'eventCategory':
			return [eventCategory];
		case 'eventName':
			return [eventName];
		case 'eventSource':
			return [eventSource];
		case 'readOnly':
			return [String(readOnly)];
		case 'resources.type':
			return resources.map(({ type }) => type);
		case 'resources.ARN':
			return resources.map(({ ARN }) => ARN);
		case 'userIdentity.arn':
			return [userIdentity.arn ?? ''];
		default:
			throw new Error(`no event has a field ${of} to be selected by`);
	}
}
