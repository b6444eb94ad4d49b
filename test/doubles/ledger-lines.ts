/** The lines that a small ledger is told by: each an entry that may follow a state, with what it says and when. */
import type { Effect, Json } from '../../core/ids.ts';
import { epochMs } from '../../core/ids.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import type { Content, ContentKind, StoredFact } from '../../core/ledger/content.ts';
import type { Draft, EntryOf } from '../../core/ledger/entry.ts';
import { contradicted } from '../../core/ledger/fold-outcome.ts';
import { encodeState, openAttempts, type RunState, stepOf } from '../../core/ledger/state.ts';

/** How long attempts may act, unless a line says otherwise. */
export const WINDOW_MS = 10_000;
/** From one entry to the next. */
export const SECOND_MS = 1_000;

/** One line of a story. `at` is the time of the entry; a second after the one before it by default. */
export type Written = { readonly draft: Draft; readonly content?: Json; readonly at?: number };
export type Line = (state: RunState) => Written;
/** `line`, `ms` after the entry before it. */
export const after =
	(ms: number, line: Line): Line =>
	(state) => ({ ...line(state), at: state.head.at + ms });

/** `line` by a writer of another epoch. */
export const ofEpoch =
	(epoch: number, line: Line): Line =>
	(state) => {
		const written = line(state);
		return { ...written, draft: { ...written.draft, epoch } };
	};

const content = <K extends ContentKind>(value: Content<K>): Json => value as Json;
export const tokenOf = (step: number, attempt: number | string): string => `token of ${step}.${attempt}`;
export const callOf = (step: number): string => sha256(`call ${step}`);
export const shownDigest = (step: number, what: string): string => sha256(`${what} of step ${step}`);

/** Calls of these tools, one step each. */
export const intent =
	(...tools: readonly string[]): Line =>
	(state) => ({
		draft: {
			kind: 'intent',
			epoch: state.epoch,
			readTo: state.head.place,
			calls: tools.map((tool, index) => ({ step: state.nextStep + index, tool, call: callOf(state.nextStep + index) })),
		},
		content: content<'intent'>({ calls: tools.map((tool, index) => ({ tool, input: { n: state.nextStep + index }, purpose: 'told' })) }),
	});

export const resumed =
	(reason: EntryOf<'resumed'>['reason'] = 'recovery'): Line =>
	(state) => ({ draft: { kind: 'resumed', epoch: state.epoch + 1, by: 'function:resume', reason } });

type Decided = { effect?: Effect; reason?: string };
const decision = (state: RunState, step: number, { effect, reason = 'policy' }: Decided) =>
	({
		kind: 'decision',
		epoch: state.epoch,
		step,
		reason,
		effect: effect ?? stepOf(state, step)?.effect ?? 'read',
		policies: ['fake'],
		policyDigest: sha256('policies'),
		approved: reason === 'approved',
	}) as const;

const grantOf = (state: RunState, step: number, { attempt, windowMs }: { attempt: number | string; windowMs: number }) => ({
	accessKeyId: `ASIA${step}X${attempt}`,
	role: 'desk-tool-access',
	notAfter: epochMs.parse(state.head.at + SECOND_MS + windowMs),
	windowMs,
	policyDigest: sha256('session policy'),
	tokenDigest: sha256(tokenOf(step, attempt)),
});

/** The next attempt at `step` is granted. The effect is said with the first decision on a step. */
export const granted =
	(
		step: number,
		effect?: Effect,
		more: { claim?: { key: string; n: number }; spend?: number; windowMs?: number; reason?: string } = {},
	): Line =>
	(state) => {
		const attempt = (stepOf(state, step)?.attempts.length ?? 0) + 1;
		const { claim, spend, windowMs = WINDOW_MS, reason } = more;
		return {
			draft: {
				...decision(state, step, { ...(effect && { effect }), ...(reason && { reason }) }),
				verdict: 'allow',
				attempt,
				grant: grantOf(state, step, { attempt, windowMs }),
				...(claim && { claim }),
				...(spend !== undefined && { spend }),
			},
		};
	};

/** A lookup is granted, about `asks` or all that is open. */
export const lookedUp =
	(step: number, asks?: readonly number[]): Line =>
	(state) => ({
		draft: {
			...decision(state, step, { reason: 'look-up' }),
			verdict: 'allow',
			asks: asks ?? openOf(state, step),
			grant: grantOf(state, step, { attempt: `l${(stepOf(state, step)?.lookups ?? 0) + 1}`, windowMs: WINDOW_MS }),
		},
	});

export const denied =
	(step: number, reason = 'policy', effect?: Effect): Line =>
	(state) => ({
		draft: { ...decision(state, step, { reason, ...(effect && { effect }) }), verdict: 'deny' },
		content: content<'decision'>({ why: 'no policy permits it' }),
	});

export const held =
	(step: number, what: 'approval' | 'doubt', { effect, shown = shownDigest(step, what) }: { effect?: Effect; shown?: string } = {}): Line =>
	(state) => ({
		draft: { ...decision(state, step, { reason: what, ...(effect && { effect }) }), verdict: 'hold', hold: { for: what, shown } },
		content: content<'decision'>({ shown: { step, what } }),
	});

const DAY_MS = 24 * 3_600_000;
const answered =
	(answer: 'approved' | 'refused') =>
	(step: number, shown?: string): Line =>
	(state) => ({
		draft: {
			kind: 'approval',
			epoch: state.epoch,
			step,
			answer,
			shown: shown ?? stepOf(state, step)?.hold?.shown ?? shownDigest(step, 'approval'),
			by: 'local:alice',
			expiresAt: epochMs.parse(state.head.at + SECOND_MS + DAY_MS),
		},
		content: content<'approval'>({ note: 'told so' }),
	});
export const approved = answered('approved');
export const refused = answered('refused');

type Saying = { attempts?: readonly number[]; contradicts?: boolean; facts?: readonly StoredFact[]; reason?: string; epoch?: number };
type Said = Saying & { result: 'done' | 'failed'; by: 'tool' | 'target' | 'person' | 'guard'; commit?: string; stands?: true };

/** An outcome. Whether it contradicts the record is worked out, where the state can tell, unless `contradicts` is said. */
export const outcome =
	(step: number, { result, by, attempts, contradicts, facts, reason, epoch, commit, stands }: Said): Line =>
	(state) => {
		const known = stepOf(state, step);
		const about = attempts ?? [known?.attempts.length || 1];
		const against = contradicts ?? (!stands && known !== undefined && contradicted(known, { attempts: [...about], result }));
		return {
			draft: {
				kind: 'outcome',
				epoch: epoch ?? (by === 'tool' ? known?.attempts[(about[0] ?? 1) - 1]?.epoch : undefined) ?? state.epoch,
				step,
				attempts: about,
				result,
				by,
				...(reason && { reason }),
				...(by === 'person' && { who: 'local:alice' }),
				...(by === 'target' && { restsOn: 'runtime' as const }),
				...(commit && { commit }),
				...(against && { contradicts: true as const }),
				...(stands && { stands }),
				...(facts && { facts: true as const }),
			},
			content: content<'outcome'>({
				...(result === 'done' ? { result: 'a result' } : { reason: 'a reason' }),
				...(facts && { facts: [...facts] }),
			}),
		};
	};

export const done = (step: number, more: Saying = {}): Line => outcome(step, { ...more, result: 'done', by: 'tool' });
export const failed = (step: number, more: Saying = {}): Line => outcome(step, { ...more, result: 'failed', by: 'tool' });
export const found = (step: number, more: Saying = {}): Line => targetSays(step, 'done', more);
export const absent = (step: number, more: Saying = {}): Line => targetSays(step, 'failed', more);
/** The guard committed the transaction of an attempt. */
export const committed = (step: number, more: Saying = {}): Line =>
	outcome(step, { ...more, result: 'done', by: 'guard', commit: 'ASIACOMMIT' });
/** The guard ended open attempts that can do no harm. */
export const superseded = (step: number, more: Saying = {}): Line => guardEnds(step, { reason: 'superseded', ...more });
/** The guard ended an attempt that a freeze kept it from handing out. */
export const withdrawn = (step: number, more: Saying = {}): Line => guardEnds(step, { reason: 'frozen', ...more });
/** A person settles what is open. */
export const personSays =
	(step: number, result: 'done' | 'failed'): Line =>
	(state) =>
		outcome(step, { result, by: 'person', attempts: openOf(state, step) })(state);
/** A person says what stands after a contradiction. */
export const stands =
	(step: number, result: 'done' | 'failed'): Line =>
	(state) =>
		outcome(step, { result, by: 'person', stands: true, attempts: all(state, step) })(state);

const targetSays =
	(step: number, result: 'done' | 'failed', more: Saying): Line =>
	(state) =>
		outcome(step, { attempts: stepOf(state, step)?.asked?.attempts ?? [1], ...more, result, by: 'target' })(state);
const guardEnds =
	(step: number, more: Saying): Line =>
	(state) =>
		outcome(step, { attempts: openOf(state, step), ...more, result: 'failed', by: 'guard' })(state);

function all(state: RunState, step: number): number[] {
	const attempts = stepOf(state, step)?.attempts.map(({ attempt }) => attempt) ?? [];
	return attempts.length > 0 ? attempts : [1];
}

/** All open attempts at a step; attempt 1 where there is none, so that a draft has its shape. */
function openOf(state: RunState, step: number): number[] {
	const known = stepOf(state, step);
	const open = known ? openAttempts(known).map(({ attempt }) => attempt) : [];
	return open.length > 0 ? open : [1];
}

/** `memory` is what the planner remembers; it knows all that happened before this entry. */
export const checkpoint =
	({ memory, state: lie }: { memory?: Json; state?: (state: RunState) => RunState } = {}): Line =>
	(state) => ({
		draft: {
			kind: 'checkpoint',
			epoch: state.epoch,
			state: encodeState(lie ? lie(state) : state),
			memory: memory === undefined ? null : state.head.place,
		},
		...((memory !== undefined || state.facts.length > 0) && {
			content: content<'checkpoint'>({ facts: [...state.facts], ...(memory !== undefined && { memory }) }),
		}),
	});

const byAlice = (kind: 'frozen' | 'thawed') => (): Line => (state) => ({
	draft: { kind, epoch: state.epoch, by: 'local:alice' },
	content: content<'frozen'>({ reason: 'told so' }),
});
export const frozen = byAlice('frozen');
export const thawed = byAlice('thawed');

export const closed =
	(how: EntryOf<'closed'>['how'] = 'finished'): Line =>
	(state) => ({
		draft: { kind: 'closed', epoch: state.epoch, how, by: 'function:plan' },
		content: content<'closed'>({ answer: 'an answer' }),
	});
