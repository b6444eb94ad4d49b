// cdk-nag runs with every synthesis. What it finds and what stays nevertheless is acknowledged where it is made, with why.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, inject, test } from 'vitest';

type Report = { pluginReports: { pluginName: string; conclusion: string; violations: unknown[] }[] };

test('AwsSolutions, over the whole deployment', () => {
	const report = JSON.parse(inject('nagReport')) as Report;
	for (const { conclusion, violations } of report.pluginReports)
		expect({ conclusion, violations }).toEqual({ conclusion: 'success', violations: [] });
});

test('every acknowledgement says why, in a sentence', () => {
	const folder = new URL('../../infra/constructs/', import.meta.url);
	const calls = readdirSync(folder).flatMap((name) => [
		...readFileSync(new URL(name, folder), 'utf8').matchAll(/acknowledge\(\w+(?:\.\w+)?, \{([\s\S]*?)\}\);/g),
	]);
	expect(calls.length).toBeGreaterThan(2);
	const reasons = calls.flatMap(([, body = '']) =>
		[...body.matchAll(/: (?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/g)].map(([, single, double]) => single ?? double ?? ''),
	);
	for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
});

test('control: it does find what is wrong', () => {
	const outdir = mkdtempSync(join(tmpdir(), 'throughline-nag-'));
	try {
		const app = new App({ outdir, analyticsReporting: false });
		new Bucket(new Stack(app, 'Naive'), 'Open');
		Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
		expect(() => app.synth()).toThrow('AwsSolutions-S1');
	} finally {
		rmSync(outdir, { recursive: true });
	}
});
