/** As much of S3 as a payload store needs: conditional puts and gets of one bucket. */
import { s3Client, s3Payloads } from '../../adapters/s3/payloads.ts';
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
		const path = new URL(request.path, 'http://s3').pathname;
		if (request.method === 'GET') {
			const found = objects.get(path);
			return found ? { status: 200, body: found } : refused(404, 'NoSuchKey');
		}
		if (objects.has(path) && request.headers['if-none-match'] === '*' && !naive) return refused(412, 'PreconditionFailed');
		objects.set(path, request.body);
		return { status: 200 };
	});
	return { payloads: s3Payloads({ client: s3Client(service), bucket: 'payloads' }), objects, asked };
}
