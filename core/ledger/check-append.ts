/**
 * What every adapter refuses before it writes: what some store couldn't hold, or couldn't do in one transaction.
 * DynamoDB sets the rules, so that a tool's author meets them at home.
 */

import type { Attribute, Together, Write } from '../ports.ts';
import type { StoredEntry } from './entry.ts';

/** A DynamoDB transaction takes 100 items: the entry, a claim, and these. */
const WRITES_AT_MOST = 98;
const PLACE_AT_MOST = 999_999_999;
const KEY_BYTES_AT_MOST = 2_048;

/**
 * The caller's side of an append, checked before anything is written.
 * @throws TypeError naming what no store could hold byte for byte.
 */
export function checkAppend(entry: StoredEntry, together: Together): void {
	if (!Number.isInteger(entry.place) || entry.place < 0 || entry.place > PLACE_AT_MOST) {
		throw new TypeError(`place ${entry.place} of ${entry.chain} is not an integer from 0 to ${PLACE_AT_MOST}`);
	}
	if (!entry.body.isWellFormed())
		throw new TypeError(`the entry at ${entry.chain}/${entry.place} holds half a surrogate pair: UTF-8 has no bytes for it`);
	if (together.claim && !together.claim.key.isWellFormed()) throw new TypeError('a business key holds half a surrogate pair');
	checkWrites(together.writes ?? []);
}

/** @throws TypeError naming what some store could not do in one transaction. */
export function checkWrites(writes: readonly Write[]): void {
	if (writes.length > WRITES_AT_MOST)
		throw new TypeError(`${writes.length} writes in one outcome: at most ${WRITES_AT_MOST} land together`);
	const targets = new Set<string>();
	for (const write of writes) {
		checkWrite(write);
		const target = JSON.stringify([write.table, write.key]);
		if (targets.has(target)) throw new TypeError(`two writes to ${target}: put them into one`);
		targets.add(target);
	}
}

function checkWrite(write: Write): void {
	const says = (problem: string): never => {
		throw new TypeError(`a write to ${write.table} with key ${JSON.stringify(write.key)} ${problem}`);
	};
	const demands = write.onlyIf === 'absent' || Object.keys(write.onlyIf ?? {}).length > 0;
	const { put, add = {}, set = {} } = write;
	if (!write.key.isWellFormed() || write.key === '' || Buffer.byteLength(write.key) > KEY_BYTES_AT_MOST) {
		says(`needs a key of 1 to ${KEY_BYTES_AT_MOST} bytes of UTF-8`);
	}
	if (put && (write.add || write.set)) says('both replaces and changes the item: use put, or add and set');
	if (!put && Object.keys(add).length + Object.keys(set).length === 0 && !demands) says('changes nothing and demands nothing');
	for (const name of Object.keys(add)) if (Object.hasOwn(set, name)) says(`both adds to and sets ${name}`);
	for (const [name, value] of Object.entries(add))
		if (!Number.isSafeInteger(value)) says(`adds ${value} to ${name}: add whole numbers only`);
	const demanded = typeof write.onlyIf === 'object' ? write.onlyIf : {};
	for (const [name, value] of [put ?? {}, add, set, demanded].flatMap((part) => Object.entries(part))) {
		if (!/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name) || name === 'key')
			says(`names an attribute ${JSON.stringify(name)}: use letters, digits, _ and -, and not "key"`);
		if (!storable(value)) says(`gives ${name} the value ${String(value)}, which not every store can hold`);
	}
}

/** DynamoDB's numbers end before a double's do. */
function storable(value: Attribute): boolean {
	if (typeof value === 'string') return value.isWellFormed();
	if (typeof value !== 'number') return typeof value === 'boolean' || value === null;
	return value === 0 || (Number.isFinite(value) && Math.abs(value) >= 1e-130 && Math.abs(value) < 1e126);
}
