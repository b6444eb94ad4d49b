import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindsAt } from '../world/kinds.ts';
import { aside, coverageOf, crashPointsIn, existingCrashPoints, type Fired } from './crash-points.ts';

const source = `
	const key = await store.keys.get(run);
	// store.ledger.read(run) is what a comment says
	const [page] = await Promise.all([store.ledger.latest(chain, 1)]);
	const kept = known.get(run);
`;
const points = crashPointsIn('core/made-up.ts', source);
const all = (at: keyof typeof kindsAt) => Object.fromEntries(kindsAt[at].filter((kind) => kind !== 'overtaken').map((kind) => [kind, 1]));
const fired: Fired = { 'core/made-up.ts:2': all('keys.get'), 'core/made-up.ts:4': all('ledger.latest') };

test('calls of ports are crash points, comments and other calls are not', () => {
	expect(points.map(({ site, at }) => [site, at])).toEqual([
		['core/made-up.ts:2', 'keys.get'],
		['core/made-up.ts:4', 'ledger.latest'],
	]);
	expect(coverageOf(points, fired)).toEqual({ existing: 2, covered: 2, missing: [], unlisted: [] });
});

test('a call that was never met is missing', () => {
	const { 'core/made-up.ts:4': _, ...fewer } = fired;
	expect(coverageOf(points, fewer)).toMatchObject({ covered: 1, missing: ['core/made-up.ts:4: never reached'] });
});

test('a call that some fault never befell is missing', () => {
	const { 'crash-after': _, ...fewer } = all('keys.get');
	const coverage = coverageOf(points, { ...fired, 'core/made-up.ts:2': fewer });
	expect(coverage.missing).toEqual(['core/made-up.ts:2: never crash-after']);
});

test('a call that was met and is not listed is told: the list is not one of all', () => {
	expect(coverageOf(points, { ...fired, 'core/elsewhere.ts:7': { twice: 1 } }).unlisted).toEqual(['core/elsewhere.ts:7']);
});

test('a port that nobody knows how to break is refused', () => {
	expect(() => crashPointsIn('core/made-up.ts', 'await store.tables.get(table, key);')).toThrow('say in kinds.ts what may befall it');
});

test('what is left out by name is there to be left out', () => {
	const files = globSync('functions/**/*.ts', { cwd: join(import.meta.dirname, '../../..') });
	for (const { what, holds } of aside)
		expect(
			files.filter((file) => holds.test(file)),
			what,
		).not.toEqual([]);
});

test('core, functions and machines have crash points of every kind that is listed', () => {
	const existing = existingCrashPoints();
	const kinds = new Set(existing.map(({ at }) => at));
	for (const at of ['ledger.append', 'guard.ask', 'sink.act', 'sink.look-up', 'issuer.issue', 'machine.invoke', 'machine.start'] as const)
		expect(kinds).toContain(at);
	expect(new Set(existing.map(({ site }) => site)).size).toBe(existing.length);
});
