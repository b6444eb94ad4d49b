/**
 * Changes to our own record that none of our functions makes. They append one item under a condition, or a transaction that
 * does; they put payloads under new names. All else replaces or removes what stands (L1).
 */
import { chainId } from '../ids.ts';
import type { CloudTrailEvent } from './event-shape.ts';
import type { Known } from './known.ts';
import { type Request, requestOf } from './request.ts';
import { atLarge } from './witness.ts';

type Change = Request & { readonly about: string; readonly place: number | null };

/** What changes items, or removes them all. Reads, and changes of the table that leave its items alone, do not. */
const itemChanges = new Set([
	'PutItem',
	'UpdateItem',
	'DeleteItem',
	'BatchWriteItem',
	'TransactWriteItems',
	'DeleteTable',
	'UpdateTimeToLive',
]);
const statements = new Set(['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction']);
const s3Changes =
	/^(Delete|Copy|Restore|Complete|Post|Rename)Object|^PutObject(Acl|Tagging|Retention|LegalHold)$|^DeleteObjects$|^CopyObject$|^UploadPartCopy$/;
const insertOnly = /^\s*attribute_not_exists\s*\(\s*(sk|#\w+)\s*\)\s*$/;

/** `own`: reads and appends as ours are. `undefined`: it touches neither ledger nor payloads. */
export function recordChange(event: CloudTrailEvent, known: Known): Change | 'own' | undefined {
	const request = requestOf(event);
	if (event.eventSource === 'dynamodb.amazonaws.com' && known.ledger !== undefined && onTable(request, known.ledger)) {
		return ledgerChange(event, request, known.ledger);
	}
	if (event.eventSource !== 's3.amazonaws.com' || known.payloads === undefined || request.request.bucketName !== known.payloads)
		return undefined;
	if (event.errorCode || !s3Changes.test(event.eventName)) return 'own';
	const [run = ''] = (request.request.key ?? '').split('/');
	return { ...request, about: chainId.safeParse(run).success ? run : atLarge.record, place: null };
}

function onTable({ resources, request }: Request, table: string): boolean {
	const name = table.slice(table.lastIndexOf('/') + 1);
	return (
		resources.some((arn) => arn === table || arn.startsWith(`${table}/`)) ||
		Object.entries(request).some(([path, value]) => /(^|\.)tableName$/.test(path) && (value === name || value === table))
	);
}

function ledgerChange({ eventName, errorCode, requestParameters }: CloudTrailEvent, request: Request, table: string): Change | 'own' {
	if (errorCode) return 'own';
	const parameters = isRecord(requestParameters) ? requestParameters : {};
	if (statements.has(eventName)) return readsOnly(parameters) ? 'own' : { ...request, about: atLarge.record, place: null };
	if (!itemChanges.has(eventName) || (eventName === 'PutItem' && inserts(parameters))) return 'own';
	if (eventName === 'TransactWriteItems') return transacted(parameters, request, table);
	return { ...request, ...placeOf(request.request, 'key') };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of a transaction's items come in either casing. */
const field = (item: Record<string, unknown>, name: string): unknown =>
	item[name] ?? item[`${name.charAt(0).toUpperCase()}${name.slice(1)}`];

/** PartiQL, whose reads CloudTrail marks as writes. */
function readsOnly(parameters: Record<string, unknown>): boolean {
	const items = field(parameters, 'requestItems') ?? field(parameters, 'transactStatements');
	const all = Array.isArray(items)
		? items.map((item: unknown) => (isRecord(item) ? field(item, 'statement') : undefined))
		: [field(parameters, 'statement')];
	return all.length > 0 && all.every((statement) => typeof statement === 'string' && /^\s*select\b/i.test(statement));
}

function inserts(item: Record<string, unknown>): boolean {
	const condition = field(item, 'conditionExpression');
	return typeof condition === 'string' && insertOnly.test(condition);
}

/** The first item on our table that is no insertion; items of other tables are no business of ours. */
function transacted(parameters: Record<string, unknown>, request: Request, table: string): Change | 'own' {
	const items = field(parameters, 'requestItems');
	if (!Array.isArray(items)) return { ...request, about: atLarge.record, place: null };
	const name = table.slice(table.lastIndexOf('/') + 1);
	const index = items.findIndex((item: unknown) => {
		if (!isRecord(item)) return true;
		const on = field(item, 'tableName');
		return (
			(on === name || on === table) &&
			(field(item, 'operation') !== 'Put' || !inserts(item)) &&
			field(item, 'operation') !== 'ConditionCheck'
		);
	});
	return index < 0 ? 'own' : { ...request, ...placeOf(request.request, `requestItems.${index}.key`) };
}

/** Which entry an item's key names: `run#<id>` or `control#<chain>`, and nine digits. A claim is of no chain. */
function placeOf(request: Readonly<Record<string, string>>, path: string): { about: string; place: number | null } {
	const pk = request[`${path}.pk`] ?? request[`${path}.pk.s`] ?? request[`${path}.pk.S`] ?? '';
	const sk = request[`${path}.sk`] ?? request[`${path}.sk.S`] ?? '';
	const chain = /^(?:run|control)#(.+)$/.exec(pk)?.[1] ?? '';
	if (!chainId.safeParse(chain).success) return { about: atLarge.record, place: null };
	return { about: chain, place: /^\d{9}$/.test(sk) ? Number(sk) : null };
}
