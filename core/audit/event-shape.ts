/** The few fields of a CloudTrail event that we read. All else is dropped unread, and a field of another type is absent. */
import * as z from 'zod';

/** Long enough for any ARN, and for what a session policy may have. */
const TEXT_CHARACTERS = 8_192;
const NAME_CHARACTERS = 128;

/** Control characters and halves of surrogate pairs are in no name of ours, and no canonical form holds the latter. */
export const clean = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD');

const name = z
	.string()
	.min(1)
	.max(NAME_CHARACTERS)
	.regex(/^[\w.:/@ -]+$/);
/** Absent, `null`, or not a text that is taken: all the same. */
const text = z.string().max(TEXT_CHARACTERS).transform(clean).nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const some = <T extends z.ZodType>(shape: T) => shape.nullish().catch(null);

const userIdentity = z.object({
	type: text,
	arn: text,
	accessKeyId: text,
	invokedBy: text,
	sessionContext: some(z.object({ sourceIdentity: text, sessionIssuer: some(z.object({ arn: text })) })),
});

export const eventShape = z.object({
	eventID: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
	eventTime: z.iso.datetime().max(40),
	eventSource: name,
	eventName: name,
	awsRegion: name,
	userIdentity: userIdentity.nullish(),
	recipientAccountId: text,
	errorCode: text,
	readOnly: flag,
	/** Walked with bounds, by whoever needs a part of them. */
	requestParameters: z.unknown().optional(),
	responseElements: z.unknown().optional(),
	resources: z.unknown().optional(),
});
export type CloudTrailEvent = z.infer<typeof eventShape>;
