/**
 * Reconciles by schedule whatever has changed and has come to rest, and one run when asked. Every agent has its own, since only its
 * code says what should be seen of its effects; what is of no agent, all of them look at, and a finding is raised once.
 */
import middy from '@middy/core';
import * as z from 'zod';
import { runId } from '../../core/ids.ts';
import { hashOf, parseStored } from '../../core/ledger/chain.ts';
import type { Ledger, Runs } from '../../core/ports.ts';
import { metricLine } from '../metric-line.ts';
import { ownTimeouts } from '../middleware/own-timeouts.ts';
import { parsed } from '../middleware/parsed.ts';
import { reticent } from '../middleware/reticent.ts';
import { type ReconcileSurroundings, reconcileControl, reconcileRun } from './reconcile.ts';
import { isControl, subjects } from './subjects.ts';

const reconcileEvent = z.object({ run: runId.optional() });

export type ReconcileHandlerSurroundings = ReconcileSurroundings & {
	readonly agent: string;
	readonly runs: Runs;
	/** How long after a run's last entry all that was seen of it has come. */
	readonly delayMs: number;
	readonly log: (line: { name: string; message: string }) => void;
	readonly say: (line: string) => void;
	readonly now: () => number;
};

/** `witnessed`, `unwitnessable`, `open`: effects of the runs that were reconciled; of what nothing can witness it is said that nobody knows. */
const nothing = { reconciled: 0, findings: 0, raised: 0, unread: 0, witnessed: 0, unwitnessable: 0, open: 0 };
const RESERVE_MS = 60_000;
const REMEMBERED = 200_000;
/** A witness may come after its run was reconciled: late, or out of the trail's files. */
const AGAIN_MS = 24 * 3_600_000;

export const reconcileHandler = ({ agent, runs, delayMs, log, say, now, ...around }: ReconcileHandlerSurroundings) => {
	/** Heads of runs up to which everything has been reconciled, and when; another agent's runs by their name alone. */
	const done = new Map<string, { head: string; at: number }>();
	const isDone = (run: string, head: string): boolean => {
		const last = done.get(run);
		return last?.head === head && now() - last.at < AGAIN_MS;
	};
	const remember = (run: string, head: string): void => {
		if (done.has(run) || done.size < REMEMBERED) done.set(run, { head, at: now() });
	};
	const sum = { ...nothing };
	const take = async (subject: string): Promise<void> => {
		const one = isControl(subject) ? await reconcileControl(subject, around) : await reconcileRun(subject, around);
		if ('counts' in one) for (const name of ['witnessed', 'unwitnessable', 'open'] as const) sum[name] += one.counts.effects[name];
		sum.reconciled += 1;
		sum.findings += one.findings.length;
		sum.raised += one.raised;
		for (const finding of one.findings) log({ name: finding.kind, message: JSON.stringify(finding) });
	};
	return middy(ownTimeouts)
		.use(reticent(log))
		.use(parsed(reconcileEvent))
		.handler(async ({ run }, context) => {
			Object.assign(sum, nothing);
			for await (const subject of run === undefined ? subjects({ runs, witnesses: around.witnesses }) : [run]) {
				if (context.getRemainingTimeInMillis() < RESERVE_MS) break;
				const rest = run === undefined ? await restOf(subject, { ledger: around.store.ledger, agent, before: now() - delayMs }) : 'asked';
				// Whoever asks has a reason: something may have come since.
				if (run === undefined && (rest === 'moving' || isDone(subject, rest))) continue;
				try {
					if (rest !== 'anothers') await take(subject);
					if (run === undefined) remember(subject, rest);
				} catch (error) {
					sum.unread += 1;
					log({ name: error instanceof Error ? error.name : 'unknown', message: `${subject} could not be reconciled` });
				}
			}
			const { witnessed, open, ...values } = sum;
			say(metricLine({ function: 'reconcile', at: now(), values, besides: { agent, witnessed, open } }));
			return { ...sum };
		});
};

/** The head of a run that has been still for long enough, and is this agent's; what has no ledger is looked at every time. */
async function restOf(subject: string, { ledger, agent, before }: { ledger: Ledger; agent: string; before: number }): Promise<string> {
	if (!runId.safeParse(subject).success) return `since ${before}`;
	const [[first], [last]] = await Promise.all([ledger.read(subject, { from: 0, limit: 1 }), ledger.latest(subject, 1)]);
	if (!last) return `since ${before}`;
	const opened = first && parseStored(first);
	if (opened && 'entry' in opened && opened.entry.kind === 'opened' && opened.entry.agent !== agent) return 'anothers';
	const head = parseStored(last);
	return 'entry' in head && head.entry.at > before ? 'moving' : hashOf(last);
}
