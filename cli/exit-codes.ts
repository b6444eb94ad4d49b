/** What the command tells whoever called it, in one number. */
import type { RunStatus } from '../functions/status/status.ts';

export const exits = { ok: 0, failed: 1, usage: 2, denied: 3, needsPerson: 4, notFound: 6, interrupted: 130 } as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** The most serious first. */
const SEVERITY: readonly Exit[] = [exits.failed, exits.needsPerson, exits.denied, exits.ok];

const byStatus: Readonly<Record<RunStatus, Exit>> = {
	finished: exits.ok,
	idle: exits.ok,
	waiting: exits.needsPerson,
	frozen: exits.needsPerson,
	contradicted: exits.needsPerson,
	stuck: exits.failed,
	stopped: exits.failed,
	exhausted: exits.failed,
	// Driven until it ends or waits: where it still does neither, driving it has failed.
	open: exits.failed,
	settling: exits.failed,
};

export type Ended = { readonly status: RunStatus; readonly done: readonly { readonly outcome: string }[] };

export function exitOf({ status, done }: Ended): Exit {
	const exit = byStatus[status];
	return exit === exits.ok && done.some((step) => step.outcome === 'denied') ? exits.denied : exit;
}

/** The most serious of several. */
export function exitOfAll(runs: readonly Ended[]): Exit {
	const all = runs.map(exitOf);
	return SEVERITY.find((exit) => all.includes(exit)) ?? exits.ok;
}
