/** A crash story: what the ledger of one run says line by line, and what the guard concludes in between. */
import { expect } from 'vitest';
import { epochMs } from '../../../core/ids.ts';
import type { Opinion } from '../../../core/policy/opinion.ts';
import { type Asked, judge, type Verdict } from '../../../core/step/judge.ts';
import { begun, type Golden, type Line, tellOn, WINDOW_MS } from '../../doubles/ledger-builder.ts';

export type Story = {
	/** What the guard knows of the tool of every step. */
	readonly tool: Asked['tool'];
	readonly opening?: Golden;
	readonly lines: readonly (Line | Judging)[];
	/** How each step ended; `open` where it did not. */
	readonly ends: Readonly<Record<number, 'done' | 'failed' | 'denied' | 'open'>>;
};
export type Judging = { readonly verdict: Partial<Verdict>; readonly when: When };
type When = {
	step?: number;
	epoch?: number;
	/** The wait is over that began when these were seen open. */
	waitedFor?: readonly number[];
	opinion?: Opinion['is'];
	/** The agent, or everything, is frozen. */
	frozen?: boolean;
	/** Time since the last entry. */
	afterMs?: number;
};

export const MARGIN_MS = 2_000;
/** Window, margin: what a cut-off attempt is waited for. */
export const WAIT_MS = WINDOW_MS + MARGIN_MS;

/** The guard looks, and concludes this. */
export const judged = (verdict: Partial<Verdict>, when: When = {}): Judging => ({ verdict, when });

const tool = (effect: Asked['tool']['effect'], more: Partial<Asked['tool']> = {}): Asked['tool'] => ({
	effect,
	keyHonouredForMs: 0,
	visibleWithinMs: 0,
	canLookUp: false,
	...more,
});
export const read = tool('read');
export const transaction = tool('transaction');
export const replay = tool('replay', { keyHonouredForMs: 60_000 });
export const replayThenLookup = tool('replay', { keyHonouredForMs: 60_000, canLookUp: true, visibleWithinMs: 3_000 });
export const lookup = tool('lookup', { canLookUp: true, visibleWithinMs: 3_000 });
export const manual = tool('manual');

export const opinions: { readonly [K in Opinion['is']]: Extract<Opinion, { is: K }> } = {
	allow: { is: 'allow', reason: 'policy', policies: [], prepared: { input: {}, resource: 'r', key: undefined, spend: 0, access: [] } },
	ask: { is: 'ask', policies: [], shown: 'shown' },
	deny: { is: 'deny', reason: 'policy', why: 'no policy permits it', policies: [] },
};

/** The ledger of `story`. Every line has to be legal, and every judging has to come out as told. */
export function ledgerOf({ tool, opening = begun(), lines }: Story): Golden {
	return lines.reduce<Golden>((golden, line) => {
		if (typeof line === 'function') return tellOn(golden, line);
		expect(verdictAt(golden, tool, line.when)).toMatchObject(line.verdict);
		return golden;
	}, opening);
}

function verdictAt({ state }: Golden, tool: Asked['tool'], when: When): Verdict {
	const { step = 1, epoch = state.epoch, waitedFor, opinion = 'allow', frozen = false, afterMs = 1_000 } = when;
	return judge(state, {
		step,
		epoch,
		phase: waitedFor ? { is: 'settle', waitedFor } : { is: 'act' },
		tool,
		frozen,
		now: epochMs.parse(state.head.at + afterMs),
		marginMs: MARGIN_MS,
		windowMs: WINDOW_MS,
		opinion: () => opinions[opinion],
	});
}
