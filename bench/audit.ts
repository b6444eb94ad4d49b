/** Reconciling a run with what was seen of it, at three lengths: what an entry or a witness costs, and whether that grows. */
import { readLedger } from '../core/audit/ledger-seen.ts';
import { reconcile, reconcileSeen } from '../core/audit/reconcile.ts';
import { inOrder } from '../core/audit/sessions.ts';
import type { Expectation } from '../core/audit/sight.ts';
import type { Witness } from '../core/audit/witness.ts';
import { epochMs } from '../core/ids.ts';
import { canonical, NO_HASH, sha256 } from '../core/ledger/chain.ts';
import { type Entry, entry as entryShape, type StoredEntry } from '../core/ledger/entry.ts';
import { fold } from '../core/ledger/fold.ts';
import { encodeState, type RunState } from '../core/ledger/state.ts';
import { median } from './quantiles.ts';

const RUN = 'bench';
const START = 1_700_000_000_000;
const STEPS_A_CHECKPOINT = 14;
const ROUNDS = 5;
const POLICY = sha256('policy');

type Drafted = Readonly<Record<string, unknown>>;
type Run = { readonly stored: StoredEntry[]; readonly witnesses: Witness[]; readonly expected: Map<number, Expectation> };

/** A legal run of `steps` manual steps with an issue and a call of each, out of order. */
function runOf(steps: number): Run {
	const stored: StoredEntry[] = [];
	const witnesses: Witness[] = [];
	const expected = new Map<number, Expectation>();
	let state: RunState | undefined;
	const put = (draft: Drafted): void => {
		const place = stored.length;
		const nonce = Buffer.alloc(12);
		nonce.writeUInt32BE(place, 8);
		const common = {
			v: 1,
			run: RUN,
			place,
			prev: state?.head.hash ?? NO_HASH,
			at: START + place * 1_000,
			gen: 'bench',
			nonce: nonce.toString('base64url'),
		};
		const entry: Entry = entryShape.parse({ epoch: 0, ...draft, ...common });
		const body = canonical(entry);
		const folded = fold(state, entry, sha256(body));
		if (folded.is === 'illegal') throw new Error(folded.why);
		state = folded.state;
		stored.push({ chain: RUN, place, body });
	};
	put({
		kind: 'opened',
		agent: 'desk',
		driver: 'outside',
		by: 'local:bench',
		budget: { steps: steps + 1, turns: 1, spend: null },
		code: sha256('code'),
	});
	for (let step = 1; step <= steps; step += 1) {
		put({ kind: 'intent', readTo: stored.length - 1, calls: [{ step, tool: 'letter.send', call: sha256(`call ${step}`) }] });
		witnesses.push(...witnessed(step, { head: state?.head.hash ?? '', at: START + stored.length * 1_000 }));
		put(decision(step, START + stored.length * 1_000));
		put({ kind: 'outcome', step, attempts: [1], result: 'done', by: 'tool' });
		expected.set(step, { is: 'seen', sights: [{ source: 'letter.example.net', name: 'Act', request: { idempotencyKey: `key-${step}` } }] });
		if (step % STEPS_A_CHECKPOINT === 0 && state) put({ kind: 'checkpoint', state: encodeState(state), memory: null });
	}
	return { stored, witnesses: witnesses.reverse(), expected };
}

const ROLE = 'desk_letter_send-access';
const decision = (step: number, at: number): Drafted => ({
	kind: 'decision',
	step,
	verdict: 'allow',
	reason: 'policy',
	effect: 'manual',
	policies: ['bench'],
	policyDigest: sha256('policies'),
	approved: false,
	attempt: 1,
	grant: {
		accessKeyId: `ASIA${step}`,
		role: ROLE,
		notAfter: at + 15_000,
		windowMs: 15_000,
		policyDigest: POLICY,
		tokenDigest: sha256('token'),
	},
});

function witnessed(step: number, { head, at }: { head: string; at: number }): Witness[] {
	const session = {
		accessKeyId: `ASIA${step}`,
		role: ROLE,
		kind: 'access',
		sessionName: `${RUN}.${step}.1`,
		sourceIdentity: RUN,
		invokedBy: null,
	} as const;
	const common = { v: 1, region: 'eu-west-1', account: '111122223333', error: null, about: RUN, copy: 'stream', session } as const;
	const tags = { agent: 'desk', run: RUN, step: String(step), attempt: '1', head };
	return [
		{
			...common,
			kind: 'issue',
			eventID: `issue-${step}`,
			at: epochMs.parse(at),
			source: 'sts.amazonaws.com',
			name: 'AssumeRole',
			readOnly: true,
			expiresAt: null,
			by: null,
			tags,
			policyDigest: POLICY,
			allows: [],
		},
		{
			...common,
			kind: 'use',
			eventID: `use-${step}`,
			at: epochMs.parse(at + 500),
			source: 'letter.example.net',
			name: 'Act',
			readOnly: false,
			resources: [],
			request: { idempotencyKey: `key-${step}` },
			cut: false,
		},
	];
}

export function benchAudit({ steps = [250, 2_500, 25_000] }: { steps?: readonly number[] } = {}) {
	const terms = {
		regions: ['eu-west-1'],
		watermark: { until: epochMs.parse(START * 2), restsOn: 'stream' },
		commits: 'witnessed',
	} as const;
	const sizes = steps.map((size) => {
		const { stored, witnesses, expected } = runOf(size);
		const ledger = readLedger(RUN, stored);
		const records = stored.length + witnesses.length;
		const perSecond = (work: () => { findings: readonly unknown[] }): number => {
			const times = Array.from({ length: ROUNDS + 2 }, () => {
				const begun = performance.now();
				if (work().findings.length > 0) throw new Error('an honest run has a finding');
				return performance.now() - begun;
			}).slice(2);
			return (records * 1_000) / median(times);
		};
		return {
			records,
			joined: perSecond(() => reconcileSeen(ledger, inOrder(witnesses), { expected, terms })),
			whole: perSecond(() => reconcile({ run: RUN, stored, witnesses, expected, terms })),
		};
	});
	return { sizes, growth: (sizes[0]?.joined ?? 0) / (sizes.at(-1)?.joined ?? 1) };
}
