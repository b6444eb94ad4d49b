/** Any JSON value, copied as it is read, so that whoever has the original changes nothing of it later. */
import * as z from 'zod';
import type { Json } from './ids.ts';

/** zod's own refers to itself, and for what holds such a shape it keeps tables of all that one parse has seen: several times the work. */
export const json = z.unknown().transform((value, context): Json => {
	const copy = copied(value);
	if (copy !== undefined) return copy;
	context.addIssue({ code: 'custom', message: 'not JSON' });
	return z.NEVER;
});

/** `undefined` for what JSON has no word for, in any of its parts. */
function copied(value: unknown): Json | undefined {
	if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (Array.isArray(value)) return copiedItems(value);
	return z.core.util.isPlainObject(value) ? copiedRecord(value) : undefined;
}

function copiedItems(items: readonly unknown[]): Json[] | undefined {
	const copy: Json[] = [];
	for (const item of items) {
		const part = copied(item);
		if (part === undefined) return undefined;
		copy.push(part);
	}
	return copy;
}

function copiedRecord(record: Readonly<Record<PropertyKey, unknown>>): { [key: string]: Json } | undefined {
	const copy: { [key: string]: Json } = {};
	for (const key of Object.keys(record)) {
		// As zod leaves it out of records: assigned, it would be no key but the copy's prototype.
		if (key === '__proto__') continue;
		const part = copied(record[key]);
		if (part === undefined) return undefined;
		copy[key] = part;
	}
	return copy;
}
