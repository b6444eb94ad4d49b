/** What is worth knowing and no finding: it is as it should be after a crash, a race or a refusal, or nobody can know it. */
import type { SessionJoined } from './sessions.ts';

export const noteKinds = [
	/** Issued, its decision never landed, never used. */
	'unused-session',
	/** A call of ours that AWS or a service turned away, as those of a fenced attempt are. */
	'refused-call',
	/** Seen more than once under one key that the target honours. */
	'replayed',
	/** Nothing that we are given shows this effect: not fine, not wrong, not known. */
	'unwitnessable',
	/** Names nothing that could be compared with its grant. */
	'unchecked-call',
	/** Missing, and younger than the watermark. */
	'too-recent',
	/** Missing, in a stretch of which not everything is known; the gap is the finding. */
	'in-a-gap',
	/** A gap that there was, of the stream or of the files, and that files have closed: whatever it lacked has been read. */
	'gap-closed',
	/** Records that contradict each other hold the run; a person will say what stands. */
	'contradiction-held',
	/** A person has said what stands. */
	'contradiction-settled',
] as const;

export type Note = {
	readonly kind: (typeof noteKinds)[number];
	readonly why: string;
	readonly session: SessionJoined['id'] | null;
	readonly step: number | null;
	readonly events: readonly string[];
};
