// What is deployed is one file a function, and what lies beside it: small enough to start soon, and in need of nothing else.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { anyVariables, loadBundle } from '../../infra/bundling/cold-start.ts';
import { measuredBundles } from '../../infra/bundling/sizes.ts';

const bundles = await measuredBundles();
const away = mkdtempSync(join(tmpdir(), 'throughline-bundles-'));
afterAll(() => rmSync(away, { recursive: true }));

test('every function has one', () => {
	const expected = [
		'resume',
		'sweep',
		'decide',
		'close',
		'freeze',
		'status',
		'archive',
		'ingest',
		'backfill',
		...['plan', 'tool', 'guard', 'open', 'reconcile'].map((kind) => `refund-desk: ${kind}`),
		...['plan', 'tool', 'guard', 'open', 'intake', 'reconcile'].map((kind) => `stock-room: ${kind}`),
	];
	expect(bundles.map(({ name }) => name)).toEqual(expected);
});

const toolOf = (name: string): string => (name.startsWith('stock-room') ? 'stock.receive' : 'mail.send');

describe.each(bundles)('$name', ({ name, kind, folder, zippedBytes, atMost }) => {
	test('is at most as large as it may be', () => {
		expect(zippedBytes).toBeGreaterThan(10_000);
		expect(zippedBytes).toBeLessThanOrEqual(atMost);
	});

	test('loads far from here, with nothing but its own folder', async () => {
		const copy = join(away, name.replaceAll(/\W/g, '-'));
		cpSync(folder, copy, { recursive: true });
		expect((await loadBundle(copy, anyVariables(toolOf(name)))).exports).toEqual(['handler']);
	});

	test('holds Cedar if it is a guard, and else not', () => {
		expect(existsSync(join(folder, 'cedar_wasm_bg.wasm'))).toBe(kind === 'guard');
	});
});

test.each(['policies', 'cedar_wasm_bg.wasm'])('control: without %s beside it, a guard does not load', async (missing) => {
	const guard = bundles.find(({ kind }) => kind === 'guard');
	const copy = join(away, `bare-${missing}`);
	cpSync(guard?.folder ?? '', copy, { recursive: true });
	rmSync(join(copy, missing), { recursive: true });
	await expect(loadBundle(copy, anyVariables('mail.send'))).rejects.toThrow(missing);
});

test('control: without its variables a function does not start, and says which it lacks', async () => {
	const resume = bundles.find(({ kind }) => kind === 'resume');
	await expect(loadBundle(resume?.folder ?? '', {})).rejects.toThrow('the environment lacks THROUGHLINE_LEDGER_TABLE');
});
