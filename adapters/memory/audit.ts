/** Witnesses, coverage and findings in memory: the doubles of the audit's tests, and the shortest statement of what the ports mean. */
import { rankOf, type Stretch } from '../../core/audit/coverage.ts';
import type { Finding } from '../../core/audit/finding.ts';
import { orderOf, saysTheSame, sessionOf } from '../../core/audit/kept.ts';
import type { Witness } from '../../core/audit/witness.ts';
import type { Coverage, Findings, Witnesses, WitnessPage } from '../../core/ports.ts';
import { type Counts, type FaultPlan, faulty, noCounts } from './faults.ts';

export type MemoryAuditState = { witnesses: Map<string, Witness>; coverage: Map<string, Stretch>; findings: Map<string, Finding> };
export type MemoryAudit = { witnesses: Witnesses; coverage: Coverage; findings: Findings; counts: Counts; state: MemoryAuditState };

export const emptyAudit = (): MemoryAuditState => ({ witnesses: new Map(), coverage: new Map(), findings: new Map() });

export function memoryAudit({ fault, state = emptyAudit() }: { fault?: FaultPlan; state?: MemoryAuditState } = {}): MemoryAudit {
	const counts = noCounts();
	const call = faulty({ counts, fault });
	const page = ({ after, limit }: WitnessPage, which: (witness: Witness) => boolean): Witness[] =>
		[...state.witnesses.values()]
			.filter((witness) => which(witness) && (after === undefined || orderOf(witness) > orderOf(after)))
			.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
			.slice(0, limit);
	return {
		witnesses: {
			put: (witness) =>
				call({ port: 'witnesses', verb: 'put' }, () => {
					const kept = state.witnesses.get(witness.eventID);
					if (kept) return saysTheSame(kept, witness) ? 'known' : { differs: kept };
					state.witnesses.set(witness.eventID, structuredClone(witness));
					return 'kept';
				}),
			about: (subject, at) => call({ port: 'witnesses', verb: 'about' }, () => page(at, ({ about }) => about === subject)),
			ofSession: (key, at) => call({ port: 'witnesses', verb: 'ofSession' }, () => page(at, (witness) => sessionOf(witness) === key)),
			subjects: ({ after = '', limit }) =>
				call({ port: 'witnesses', verb: 'subjects' }, () =>
					[...new Set([...state.witnesses.values()].map(({ about }) => about))]
						.filter((subject) => subject > after)
						.sort()
						.slice(0, limit),
				),
		},
		coverage: {
			put: (stretch) =>
				call({ port: 'coverage', verb: 'put' }, () => {
					const rank = rankOf(stretch);
					if (state.coverage.has(rank)) return 'known';
					state.coverage.set(rank, structuredClone(stretch));
					return 'kept';
				}),
			ending: ({ fromMs, toMs }, limit) =>
				call({ port: 'coverage', verb: 'ending' }, () =>
					[...state.coverage.values()]
						.filter((stretch) => fromMs < stretch.toMs && stretch.toMs <= toMs)
						.sort((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
						.slice(0, limit),
				),
		},
		findings: {
			raise: (finding) =>
				call({ port: 'findings', verb: 'raise' }, () => {
					if (state.findings.has(finding.id)) return 'known';
					state.findings.set(finding.id, structuredClone(finding));
					return 'raised';
				}),
			list: ({ about, after = '', limit }) =>
				call({ port: 'findings', verb: 'list' }, () =>
					[...state.findings.values()]
						.filter((finding) => finding.id > after && (about === undefined || finding.about === about))
						.sort((one, other) => (one.id < other.id ? -1 : 1))
						.slice(0, limit),
				),
		},
		counts,
		state,
	};
}
