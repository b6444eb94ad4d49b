/** A1, L2: what an attacker may do to ledger, credentials and trail, one thing at a time. Each gives its finding and no other. */
import { expect, test } from 'vitest';
import { reconcile } from '../../../core/audit/reconcile.ts';
import { attacks, blind } from './attacks.ts';
import { given, told } from './run-with-trail.ts';

test.for(Object.entries(attacks))('%s', async ([, { finding, cause, play, does }]) => {
	const run = await told(play);
	const { findings } = reconcile(does(run));
	expect(findings.map(({ kind }) => kind)).toEqual([finding]);
	if (cause) expect(findings[0]?.cause).toBe(cause(run));
});

test.for(Object.entries(attacks))('control: %s, unnoticed by who looks at less', async ([, { play, does, unnoticedBy }]) => {
	expect(blind[unnoticedBy](does(await told(play)))).toBe(true);
});

test('a clean run gives none', async () => {
	const { findings, notes, counts } = reconcile(given(await told()));
	expect([findings, notes]).toEqual([[], []]);
	expect(counts.effects).toEqual({ witnessed: 4, unwitnessable: 0, open: 0 });
});
