// S1..S5, L3: each line may follow the one before it, the guard concludes what is told, and every step ends as told.
import { describe, expect, test } from 'vitest';
import { verifyRun } from '../../../core/ledger/verify.ts';
import { RUN } from '../../doubles/ledger-builder.ts';
import { stories } from './all.ts';
import { ledgerOf } from './story.ts';

describe.for(Object.entries(stories))('%s', ([, story]) => {
	test('S3 it goes as told, and its steps end as told', () => {
		const check = verifyRun(RUN, ledgerOf(story).stored);
		if (check.is === 'broken') throw new Error(`place ${check.place}: ${check.why}`);
		const ends = Object.fromEntries([...check.steps].map(([number, step]) => [number, step.end?.result ?? 'open']));
		expect(ends).toEqual(story.ends);
	});
});
