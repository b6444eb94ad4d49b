/** Everything that can happen to one request on its way to DynamoDB and back, and which of it can happen to which request. */
import type { Reply } from './upstream.ts';

export type Target = 'PutItem' | 'TransactWriteItems' | 'Query' | 'GetItem' | (string & {});

export type Fault =
	| { readonly is: 'pass' }
	/** It never arrives; the connection breaks. */
	| { readonly is: 'request-lost' }
	/** The database has committed; the connection breaks before the caller hears of it. */
	| { readonly is: 'reply-lost' }
	/** A 500, before or after the database was asked. */
	| { readonly is: 'failed-before' | 'failed-after' }
	| { readonly is: 'throttled'; readonly as: Throttling }
	| { readonly is: 'delayed'; readonly ms: number }
	/** It arrives after `by` later ones. Its caller waits for the answer, or its connection breaks at once and it arrives all the same. */
	| { readonly is: 'late'; readonly by: number; readonly caller: 'waits' | 'gave-up' }
	/** It arrives twice, and this answer is given. With its token forgotten, the second is a transaction of its own, as it is after ten minutes. */
	| { readonly is: 'duplicated'; readonly answer: 'first' | 'second'; readonly token: 'kept' | 'forgotten' };

export type Throttling =
	| 'ThrottlingException'
	| 'ProvisionedThroughputExceededException'
	| 'TransactionConflictException'
	| 'TransactionInProgressException'
	/** A cancelled transaction: another one is at work on one of its items. */
	| 'TransactionConflict';

const LATE_MS = 15;
const onReads: readonly Fault[] = [
	{ is: 'reply-lost' },
	{ is: 'failed-before' },
	{ is: 'throttled', as: 'ProvisionedThroughputExceededException' },
	{ is: 'delayed', ms: LATE_MS },
	{ is: 'late', by: 1, caller: 'gave-up' },
	{ is: 'duplicated', answer: 'second', token: 'kept' },
];
const onWrites: readonly Fault[] = [
	{ is: 'request-lost' },
	{ is: 'reply-lost' },
	{ is: 'failed-before' },
	{ is: 'failed-after' },
	{ is: 'throttled', as: 'ThrottlingException' },
	{ is: 'delayed', ms: LATE_MS },
	{ is: 'late', by: 1, caller: 'gave-up' },
	{ is: 'late', by: 4, caller: 'gave-up' },
	{ is: 'duplicated', answer: 'first', token: 'kept' },
	{ is: 'duplicated', answer: 'second', token: 'kept' },
];
const onPuts: readonly Fault[] = [
	{ is: 'throttled', as: 'ProvisionedThroughputExceededException' },
	{ is: 'throttled', as: 'TransactionConflictException' },
];
const onTransactions: readonly Fault[] = [
	{ is: 'throttled', as: 'TransactionConflict' },
	{ is: 'throttled', as: 'TransactionInProgressException' },
	{ is: 'duplicated', answer: 'second', token: 'forgotten' },
];

/** Every way in which a request for `target` is broken here. */
export function faultsOf(target: Target): readonly Fault[] {
	if (target === 'PutItem') return [...onWrites, ...onPuts];
	if (target === 'TransactWriteItems') return [...onWrites, ...onTransactions];
	return onReads;
}

/** What it counts as. */
export function kindOf(fault: Fault): string {
	switch (fault.is) {
		case 'throttled':
			return `throttled: ${fault.as}`;
		case 'late':
			return fault.caller === 'waits' ? 'late' : 'late, and given up';
		case 'duplicated':
			return `duplicated, ${fault.answer} answer${fault.token === 'forgotten' ? ', token forgotten' : ''}`;
		default:
			return fault.is;
	}
}

export function throttlingReply(as: Throttling, body: { readonly [name: string]: unknown }): Reply {
	if (as !== 'TransactionConflict') return errorReply(400, as);
	const items = Array.isArray(body.TransactItems) ? body.TransactItems : [];
	const CancellationReasons = items.map((_, index) => ({ Code: index === 0 ? 'TransactionConflict' : 'None' }));
	return errorReply(400, 'TransactionCanceledException', { CancellationReasons });
}

export function errorReply(status: number, name: string, more: object = {}): Reply {
	const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'broken on purpose', ...more });
	return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from(body) };
}
