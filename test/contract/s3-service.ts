/** As much of S3 as our adapters need: conditional puts, gets, and names in pages. */
import { s3Archive } from '../../adapters/s3/archive.ts';
import { s3Client, s3Payloads } from '../../adapters/s3/payloads.ts';
import { s3TrailFiles } from '../../adapters/s3/trail-files.ts';
import { type Answered, type Asked, httpService } from '../doubles/http-service.ts';

const refused = (status: number, code: string): Answered => ({
	status,
	headers: { 'content-type': 'application/xml' },
	body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test says</Message></Error>`,
});

export type S3Options = {
	/** What stands in the way of a request, from 1. */
	readonly before?: (asked: Asked, number: number) => Answered | undefined;
	/** A store that takes a condition for a wish. */
	readonly naive?: boolean;
};
export const s3Refusals = { refused };

export async function s3Store({ before, naive = false }: S3Options = {}) {
	const objects = new Map<string, Buffer>();
	const asked: Asked[] = [];
	const service = await httpService((request) => {
		asked.push(request);
		const standing = before?.(request, asked.length);
		if (standing) return standing;
		const { pathname: path, searchParams: asks } = new URL(request.path, 'http://s3');
		if (asks.get('list-type') === '2') return listed(objects.keys(), path, asks);
		if (request.method === 'GET') {
			const found = objects.get(path);
			return found ? { status: 200, body: found } : refused(404, 'NoSuchKey');
		}
		if (objects.has(path) && request.headers['if-none-match'] === '*' && !naive) return refused(412, 'PreconditionFailed');
		objects.set(path, request.body);
		return { status: 200 };
	});
	const client = s3Client(service);
	return {
		payloads: s3Payloads({ client, bucket: 'payloads' }),
		archive: s3Archive({ client, bucket: 'archive' }),
		trailFiles: s3TrailFiles({ client, bucket: 'trail' }),
		objects,
		asked,
	};
}

function listed(paths: Iterable<string>, path: string, asks: URLSearchParams): Answered {
	const bucket = `${path.replace(/\/$/, '')}/`;
	const names = [...paths]
		.filter((one) => one.startsWith(bucket))
		.map((one) => one.slice(bucket.length))
		.filter((name) => name.startsWith(asks.get('prefix') ?? '') && name > (asks.get('start-after') ?? ''))
		.sort()
		.slice(0, Number(asks.get('max-keys')));
	const contents = names.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('');
	return { status: 200, headers: { 'content-type': 'application/xml' }, body: `<ListBucketResult>${contents}</ListBucketResult>` };
}
