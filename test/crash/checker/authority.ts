/** Grants laid beside what people had said by then: a freeze, a refusal, an approval of something else; and the budget. */
import * as z from 'zod';
import { contents } from '../../../core/ledger/content.ts';
import { type Account, type Granted, type StepAccount, same } from './account.ts';
import type { Finding } from './finding.ts';
import type { Act, Seen } from './seen.ts';
import { actOn, effectsOfStep, type World, wantedOf } from './world.ts';

export function unauthorised({ seen, accounts }: World): Finding[] {
	return accounts.flatMap((account) =>
		[...account.steps.values()].flatMap((step) => {
			const used = [...step.attempts, ...step.lookups].filter((grant) => wasHandedOut(seen, grant));
			const says = [
				...used.flatMap((grant) => barredBy(seen, account.seen.run, grant)),
				...used.filter(({ approved }) => approved).flatMap((grant) => beyondApproval(seen, account, step, grant)),
				...againstRefusal(seen, account, step),
			];
			return says.map((why): Finding => ({ kind: 'unauthorised', run: account.seen.run, step: step.step, says: why }));
		}),
	);
}

const wasHandedOut = (seen: Seen, { accessKeyId }: Granted): boolean =>
	seen.handedOut.some(({ credentials }) => credentials.accessKeyId === accessKeyId) ||
	seen.journal.arrived.some((call) => call.accessKeyId === accessKeyId);

/**
 * Decided when whoever froze had been told that it holds, and nobody had begun to thaw: not by then, nor had thawed before it was
 * handed out. The guard looks once more between the two, and what it then finds thawed is frozen no longer.
 */
function barredBy(seen: Seen, run: string, { place, accessKeyId }: Granted): string[] {
	const handed = seen.handedOut.find(({ credentials }) => credentials.accessKeyId === accessKeyId);
	const holding = seen.acts.flatMap((act, index): Act[] => {
		const bars = act.is === 'freeze' && (act.chain === run || act.chain === '@all' || act.chain === `@agent:${seen.agent.name}`);
		if (!bars || act.told !== 'ok' || place < (act.stood[run] ?? 0)) return [];
		// Nothing but a thaw can follow a freeze in a control chain.
		if (act.chain !== run && (handed?.stood?.[act.chain] ?? 0) > (act.stood[act.chain] ?? 0)) return [];
		const thaw = seen.acts.find(
			(other, later) => later > index && other.is === 'thaw' && other.chain === act.chain && other.told !== 'fail',
		);
		return thaw && place >= (thaw.from[run] ?? 0) ? [] : [act];
	});
	return holding.map(({ chain }) => `handed out by the decision at place ${place}, after ${chain} was frozen`);
}

function againstRefusal(seen: Seen, { seen: { run } }: Account, step: StepAccount): string[] {
	const refusal = actOn(seen, { run, step: step.step, is: ['refuse'] });
	if (refusal?.told !== 'ok') return [];
	const later = step.attempts.filter((grant) => grant.place >= (refusal.stood[run] ?? 0) && wasHandedOut(seen, grant));
	return later.map(({ attempt }) => `attempt ${attempt} was granted after a person had refused it`);
}

const shownShape = z.object({
	input: z.json(),
	about: z.object({ type: z.string(), id: z.string(), facts: z.record(z.string(), z.json()).nullable() }),
});

/** A person's yes covers what they were shown: this input, these facts' values. */
function beyondApproval(seen: Seen, account: Account, step: StepAccount, { place }: Granted): string[] {
	const { run } = account.seen;
	const approvals = seen.acts.filter(
		(act) => act.chain === run && act.step === step.step && act.is === 'approve' && act.told !== 'fail' && (act.from[run] ?? 0) <= place,
	);
	if (approvals.length === 0) return [`granted as approved at place ${place}; nobody had approved it`];
	const whys = approvals.map((act) => whyNotCovered(act, account, step, place));
	return whys.includes(undefined) ? [] : [`granted as approved at place ${place}; approved was ${whys.at(-1)}`];
}

function whyNotCovered(approval: Act, account: Account, step: StepAccount, place: number): string | undefined {
	const shown = shownShape.safeParse(approval.shown);
	if (!shown.success) return undefined;
	const { input, about } = shown.data;
	if (step.input !== undefined && !same(input, step.input)) return 'another input';
	const known = factsAt(account, place).findLast(({ type, id }) => type === about.type && id === about.id);
	return same(known?.attributes ?? null, about.facts) ? undefined : `this while ${about.type} ${about.id} was otherwise`;
}

const factsAt = ({ contents: opened }: Account, before: number) =>
	[...opened].flatMap(([place, content]) => {
		const parsed = place < before ? contents.outcome.safeParse(content) : undefined;
		return parsed?.success ? (parsed.data.facts ?? []) : [];
	});

export function overBudget({ seen, accounts }: World): Finding[] {
	const { spend: most } = seen.agent.budget;
	return accounts.flatMap((account): Finding[] => {
		const spent = [...account.steps.values()].reduce((sum, step) => {
			// What is recorded as not done is given back; whether that is true is asked elsewhere.
			const counts = step.end ? step.end.result === 'done' : effectsOfStep(seen, account.seen.run, step).length > 0;
			return sum + (counts ? (wantedOf(account, step)?.spend ?? 0) : 0);
		}, 0);
		if (most === null || spent <= most) return [];
		return [{ kind: 'over-budget', run: account.seen.run, says: `spent ${spent} of ${most}` }];
	});
}
