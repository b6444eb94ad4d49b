/** What the checker may find. Each kind is a promise that was not kept. */
export const kinds = {
	lost: 'what was acknowledged is nowhere: an effect told as done, a run, an answer, a report, a call that nothing stood in the way of',
	duplicated: 'it happened more often than it was asked for, or twice for one business key',
	guessed: 'an outcome or a denial was recorded without ground: the sink saw otherwise, then or later',
	'effect-without-intent': 'a call arrived that no durable decision had granted, or with another input than was decided on',
	'two-outcomes': 'one step has ended in two ways, and no record says so',
	'audit-differs': 'the ledger, the status, the answer, the claims and the tables do not say the same',
	'fenced-write': 'an epoch that was over wrote something other than testimony',
	unauthorised: 'it was granted against a freeze, a stop, a refusal, or beyond what a person had approved',
	'over-budget': 'more was spent than the budget allows',
	secret: 'a credential, token, key or sealed text stands where others read',
	'not-remade': 'a recorded decision does not follow from what the ledgers held',
	broken: 'a chain does not verify',
	stuck: 'a run neither ended nor waits for anybody',
	fault: 'a function ran into its own second line of defence',
} as const;
export type FindingKind = keyof typeof kinds;

export type Finding = { readonly kind: FindingKind; readonly run: string; readonly step?: number; readonly says: string };
