/** A1: one entry put a long way behind a run's last is one stretch missing, and nothing that grows with the distance. */
import { expect, test } from 'vitest';
import { chainEvidence } from '../../../core/audit/chain-evidence.ts';
import { readLedger } from '../../../core/audit/ledger-seen.ts';
import { joinSessions } from '../../../core/audit/sessions.ts';

const FAR = 2_000_000;

test('it is found, and what it touches is bounded', () => {
	const ledger = readLedger('run-1', [{ chain: 'run-1', place: FAR, body: '{}' }]);
	const { candidates } = chainEvidence(ledger, joinSessions(ledger, []));
	expect(candidates.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(['tampered-entry place 0', `tampered-entry place ${FAR}`]);
	for (const { touches } of candidates) expect(touches.length).toBeLessThan(10_000);
});
