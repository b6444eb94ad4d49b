/** The contract's checks go red on stores as one would write them first. */
import { expect, test } from 'vitest';
import type { Witness } from '../../core/audit/witness.ts';
import { type AuditStore, inOrder, onceEach, raisedOnce } from './audit-contract.ts';

/** Looks first and then writes, keeps the newest copy, and lists as it was told. */
function naive(): AuditStore {
	const kept: Witness[] = [];
	const raised = new Map<string, Parameters<AuditStore['findings']['raise']>[0]>();
	return {
		witnesses: {
			put: async (witness) => {
				const at = kept.findIndex(({ eventID }) => eventID === witness.eventID);
				await Promise.resolve();
				if (at >= 0) kept[at] = witness;
				else kept.push(witness);
				return at >= 0 ? 'known' : 'kept';
			},
			about: async (subject, { limit }) => kept.filter(({ about }) => about === subject).slice(0, limit),
			ofSession: async () => [],
			subjects: async () => [],
		},
		findings: {
			raise: async (finding) => {
				const was = raised.has(finding.id);
				await Promise.resolve();
				raised.set(finding.id, finding);
				return was ? 'known' : 'raised';
			},
			list: async () => [...raised.values()],
		},
	};
}

test.each([onceEach, inOrder, raisedOnce])('%o catches it', async (check) => {
	await expect(check(naive())).rejects.toThrow();
});
