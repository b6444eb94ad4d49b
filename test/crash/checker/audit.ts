/** The records beside each other: chain, fold, this checker's own reading, the answer, the claims, the sessions. And whether it ends. */
import * as z from 'zod';
import { contents } from '../../../core/ledger/content.ts';
import { isHeld, type RunState, type StepState } from '../../../core/ledger/state.ts';
import { verifyControl, verifyRun } from '../../../core/ledger/verify.ts';
import type { Account } from './account.ts';
import type { Finding } from './finding.ts';
import type { Seen } from './seen.ts';
import type { World } from './world.ts';

export function audit(world: World): Finding[] {
	const { seen, accounts } = world;
	const controls = [...seen.state.chains].flatMap(([chain, stored]): Finding[] => {
		const check = chain.startsWith('@') ? verifyControl(chain, stored) : undefined;
		return check?.is === 'broken' ? [{ kind: 'broken', run: chain, says: `at place ${check.place}: ${check.why}` }] : [];
	});
	return [...controls, ...accounts.flatMap((account) => ofRun(seen, account)), ...claims(world), ...faults(seen)];
}

function ofRun(seen: Seen, account: Account): Finding[] {
	const { run } = account.seen;
	if (account.entries.length === 0) return [];
	const differs = (says: string): Finding => ({ kind: 'audit-differs', run, says });
	const check = verifyRun(run, seen.state.chains.get(run) ?? []);
	if (check.is === 'broken')
		return [{ kind: 'broken', run, says: `at place ${check.place}: ${check.why}` }, ...answered(account).map(differs)];
	return [
		...[...check.steps.values()].flatMap((step) => {
			const [folded, read] = [step.end?.result ?? 'open', account.steps.get(step.step)?.end?.result ?? 'open'];
			return folded === read ? [] : [differs(`step ${step.step} is ${folded} by the fold, ${read} by its entries`)];
		}),
		...answered(account).map(differs),
		...sessions(seen, account).map(differs),
		...stuck(seen, account, check),
	];
}

const ends = z.array(z.enum(['done', 'failed', 'denied', 'refused']));

/** The scripted planner's answer is what it was told of every step; the steps themselves are laid beside the sinks elsewhere. */
function answered({ entries, steps, contents: opened }: Account): string[] {
	const closed = entries.find((entry) => entry.kind === 'closed');
	const content = contents.closed.safeParse(closed && opened.get(closed.place));
	const answer = ends.safeParse(content.data?.answer);
	if (!closed || !answer.success) return [];
	const told = answer.data.filter((one) => one !== 'refused');
	const recorded = [...steps.values()].flatMap(({ whenClosed }) => whenClosed?.result ?? []);
	return told.sort().join() === recorded.sort().join() ? [] : [`the planner was told ${told.join()}; recorded is ${recorded.join()}`];
}

/** Every session in a decision was issued, for this very attempt. */
function sessions(seen: Seen, { entries, seen: { run } }: Account): string[] {
	const issued = new Map(seen.sessions.map(({ request, credentials }) => [credentials.accessKeyId, request.sessionName]));
	return entries.flatMap((entry) => {
		if (entry.kind !== 'decision' || !entry.grant) return [];
		const name = issued.get(entry.grant.accessKeyId);
		if (name === undefined) return [`place ${entry.place} grants a session that was never issued`];
		const fits = name.startsWith(`${run}.${entry.step}.`) && (entry.attempt === undefined || name.endsWith(`.${entry.attempt}`));
		return fits ? [] : [`place ${entry.place} grants the session of ${name}`];
	});
}

/** Claims and the decisions that made them stand together or not at all. */
function claims({ seen, accounts }: World): Finding[] {
	const stored = [...seen.state.claims.values()].flat().map(({ tool, key, n, run, step }) => ({ tool, key, n, run, step }));
	const decided = accounts.flatMap((account) =>
		account.entries.flatMap((entry) => {
			if (entry.kind !== 'decision' || !entry.claim) return [];
			const tool = account.steps.get(entry.step)?.tool ?? '';
			return [{ tool, key: entry.claim.key, n: entry.claim.n, run: entry.run, step: entry.step }];
		}),
	);
	const missing = (left: typeof stored, right: typeof stored) =>
		left.filter((one) => !right.some((other) => JSON.stringify(one) === JSON.stringify(other)));
	return [
		...missing(stored, decided).map(({ run, step, key }): Finding => {
			return { kind: 'audit-differs', run, step, says: `the claim on ${key} stands without its decision` };
		}),
		...missing(decided, stored).map(({ run, step, key }): Finding => {
			return { kind: 'audit-differs', run, step, says: `the decision names a claim on ${key} that does not stand` };
		}),
	];
}

/** It has ended, waits for somebody, or cannot go on and nobody knows. */
function stuck(
	seen: Seen,
	{ seen: { run } }: Account,
	{ state, steps }: { state: RunState; steps: ReadonlyMap<number, StepState> },
): Finding[] {
	const open = [...steps.values()].filter((step) => step.end === null);
	if (state.closed && open.length === 0) return [];
	const controls = ['@all', `@agent:${state.agent}`].some((chain) => (seen.state.chains.get(chain)?.length ?? 0) % 2 === 1);
	const waits =
		state.contradictions.length > 0 ||
		state.frozen !== null ||
		controls ||
		(open.length > 0 ? open.every(isHeld) : state.driver === 'outside');
	if (seen.rested && waits) return [];
	const says = `${state.closed ? 'closed' : 'not closed'}, ${open.length} steps open, ${waits ? 'asked and never answered' : 'waiting for nobody'}`;
	return [{ kind: 'stuck', run, says }];
}

/** What a caller's assertion has stopped did no harm, but it should not have come so far. */
const faults = (seen: Seen): Finding[] =>
	seen.invocations.flatMap(({ function: name, event, error }): Finding[] =>
		error && SECOND_LINE.has(error.name)
			? [{ kind: 'fault', run: String(Object(event).run), says: `${name}: ${error.name}: ${error.message}` }]
			: [],
	);
const SECOND_LINE = new Set(['AssertionError', 'TypeError', 'ReferenceError', 'RangeError', 'LedgerBroken']);
