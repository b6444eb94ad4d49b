// S3 as the archive, and as the bucket of the trail's files: what their ports promise, and how a refusal is told.
import { expect, test } from 'vitest';
import { s3Refusals, s3Store } from './s3-service.ts';

test('an archived object stands as it was put first, and says so to the second', async () => {
	const { archive, asked } = await s3Store();
	expect(await archive.put('entries/a', 'one')).toBe('kept');
	expect(await archive.put('entries/a', 'two')).toEqual({ there: 'one' });
	expect(await archive.get('entries/a')).toBe('one');
	expect(await archive.get('entries/b')).toBeUndefined();
	expect(asked[0]?.headers).toMatchObject({ 'if-none-match': '*', 'content-type': 'application/json' });
});

test('control: a bucket that takes a condition for a wish lets the second replace it', async () => {
	const { archive } = await s3Store({ naive: true });
	await archive.put('entries/a', 'one');
	expect(await archive.put('entries/a', 'two')).toBe('kept');
});

test('names come in pages, each after the last of the one before', async () => {
	const { archive } = await s3Store();
	for (const name of ['e/1', 'e/2', 'e/3', 'f/1']) await archive.put(name, '');
	expect(await archive.list('e/', { limit: 2 })).toEqual(['e/1', 'e/2']);
	expect(await archive.list('e/', { after: 'e/2', limit: 2 })).toEqual(['e/3']);
	expect(await archive.list('g/', { limit: 2 })).toEqual([]);
});

test("a trail's file is its bytes; one that is not there is none", async () => {
	const { trailFiles, objects } = await s3Store();
	objects.set('/trail/AWSLogs/1.json.gz', Buffer.of(1, 2));
	expect(await trailFiles.list('AWSLogs/', { limit: 10 })).toEqual(['AWSLogs/1.json.gz']);
	expect(await trailFiles.get('AWSLogs/1.json.gz')).toEqual({ bucket: 'trail', key: 'AWSLogs/1.json.gz', bytes: Uint8Array.of(1, 2) });
	expect(await trailFiles.get('AWSLogs/2.json.gz')).toBeUndefined();
});

test('a refusal is told in the words of whose bucket it is', async () => {
	const { archive, trailFiles } = await s3Store({ before: () => s3Refusals.refused(403, 'AccessDenied') });
	const told = (name: string) => ({ name, message: expect.stringContaining("Check the function's role") });
	const archived = [() => archive.get('a'), () => archive.put('a', ''), () => archive.list('a', { limit: 1 })];
	for (const ask of archived) await expect(ask()).rejects.toMatchObject(told('ArchiveUnavailable'));
	for (const ask of [() => trailFiles.get('a'), () => trailFiles.list('a', { limit: 1 })])
		await expect(ask()).rejects.toMatchObject(told('TrailUnavailable'));
});
