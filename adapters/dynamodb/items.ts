/**
 * Items of the ledger's table, both ways. What is read is parsed: anyone with the right to put could have put it.
 * @see docs/spec/storage.md
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { chainId, toolName } from '../../core/ids.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Claim } from '../../core/ports.ts';
import { damagedItem } from './errors.ts';

export type DynamoItem = Record<string, AttributeValue>;

/** The index of runs, and the one value of the attribute of that name, which only a run's first entry has. */
export const openedIndex = 'opened';
export const openedValue = { S: 'run' };

const control = /^@/;
const runPrefix = 'run#';

/** Chains and claims can't meet: no chain id and no tool name has a `#`. */
export const chainKey = (chain: string): string => `${control.test(chain) ? 'control#' : runPrefix}${chainId.parse(chain)}`;
export const claimKey = (tool: string, key: string): string => `key#${toolName.parse(tool)}#${key}`;
/** @throws RangeError for a number whose digits would sort before smaller ones. */
export function sortKey(number: number): AttributeValue {
	if (number > 999_999_999) throw new RangeError(`${number} has more than nine digits`);
	return { S: String(number).padStart(9, '0') };
}

export function entryItem({ chain, place, body }: StoredEntry): DynamoItem {
	const opens = place === 0 && !control.test(chain);
	return { pk: { S: chainKey(chain) }, sk: sortKey(place), body: { S: body }, ...(opens && { opened: openedValue }) };
}

export function claimItem({ tool, key, n, run, step, hint }: Claim): DynamoItem {
	const who = { run: { S: run }, step: number(step), hint: number(hint) };
	return { pk: { S: claimKey(tool, key) }, sk: sortKey(n), tool: { S: tool }, key: { S: key }, n: number(n), ...who };
}

const number = (value: number): AttributeValue => ({ N: String(value) });

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const integer = z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N));
const place = z.object({ S: z.string().regex(/^\d{9}$/) }).transform(({ S }) => Number(S));
const entryShape = z.object({ sk: place, body: text });
const claimShape = z.object({ tool: text, key: text, n: integer, run: text, step: integer, hint: integer });
const runShape = z.object({ pk: text.refine((pk) => pk.startsWith(runPrefix)) });

/** @throws LedgerUnavailable */
export function entryOf(item: DynamoItem | undefined, chain: string, table: string): StoredEntry {
	const parsed = entryShape.safeParse(item);
	if (!parsed.success) throw damagedItem(table, `an entry of ${chain}`);
	return { chain, place: parsed.data.sk, body: parsed.data.body };
}

/** @throws LedgerUnavailable */
export function claimOf(item: DynamoItem | undefined, table: string): Claim {
	const parsed = claimShape.safeParse(item);
	if (!parsed.success) throw damagedItem(table, 'a claim');
	return parsed.data;
}

/** @throws LedgerUnavailable */
export function runOf(item: DynamoItem, table: string): string {
	const parsed = runShape.safeParse(item);
	if (!parsed.success) throw damagedItem(table, 'an entry in the index of runs');
	return parsed.data.pk.slice(runPrefix.length);
}
