/** Objects of a bucket. What is thrown here is the SDK's: whose bucket it is says what to do about it. */
import {
	GetObjectCommand,
	type GetObjectCommandOutput,
	ListObjectsV2Command,
	PutObjectCommand,
	type PutObjectCommandInput,
	type S3Client,
} from '@aws-sdk/client-s3';

export type Bucket = { readonly client: S3Client; readonly bucket: string };

/** Two puts of one name at one moment: S3 lets neither of them tell who was first, for as long as they last. */
export const CONFLICTS_REPEATED = 5;

/** On the condition that there is no such object. Answers why it was not put. */
export async function refusalOfPut(
	{ client, bucket }: Bucket,
	object: Omit<PutObjectCommandInput, 'Bucket' | 'IfNoneMatch'>,
): Promise<Error | undefined> {
	try {
		await client.send(new PutObjectCommand({ ...object, Bucket: bucket, IfNoneMatch: '*' }));
		return undefined;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** `undefined` when there is no such object. */
export async function objectAt({ client, bucket }: Bucket, name: string): Promise<GetObjectCommandOutput | undefined> {
	try {
		return await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
	} catch (error) {
		if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
		throw error;
	}
}

/** Ascending, after `after`, at most `limit` (≤ 1,000). */
export async function namesIn(
	{ client, bucket }: Bucket,
	prefix: string,
	{ after, limit }: { after?: string | undefined; limit: number },
): Promise<string[]> {
	const page = { Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...(after !== undefined && { StartAfter: after }) };
	const { Contents = [] } = await client.send(new ListObjectsV2Command(page));
	return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
}
