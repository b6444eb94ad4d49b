/**
 * What Cedar can hold of a tool's input: one walk over its JSON Schema gives the type for the policies' schema and,
 * at run time, the value that fits it. So the two leave out the same attributes, always (I3).
 * @see docs/design/cedar-schema.md
 */
import * as z from 'zod';
import type { Tool } from '../agent/tool.ts';
import type { Json } from '../ids.ts';

/** A type of a Cedar schema, as its JSON form writes it. */
export type CedarType = { type: 'String' } | { type: 'Long' } | { type: 'Boolean' } | { type: 'Set'; element: CedarType } | CedarRecord;
export type CedarRecord = { type: 'Record'; attributes: Record<string, CedarType & { required?: boolean }> };

/** A tool's input as Cedar sees it. `left` names each attribute that has no Cedar type, and why. */
export type CedarInput = { readonly type: CedarRecord; readonly left: readonly string[] };

type Schema = z.core.JSONSchema.JSONSchema;
type Walk = {
	readonly tool: string;
	readonly root: Schema;
	/** References that are being followed: one that comes up again is a cycle. */
	readonly following: readonly string[];
	readonly left: string[];
};

/** Deeper records are left out. Cedar's parser takes 128 levels in all and ends its whole instance not far above. */
const INPUT_DEPTH = 32;
/** A record with one of these keys is no record to Cedar but an entity, an extension value or a relic. */
export const RESERVED: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr']);

/**
 * The value of `context.input` for a call: `input`, as the tool's schema has parsed it, without what Cedar can't hold.
 * A value that is not of its schema's type becomes `null`, which Cedar refuses: the request is denied, never the attribute lost.
 *
 * @see docs/guide.md#policies
 */
export function cedarInput(tool: Pick<Tool, 'name' | 'input'>, input: unknown): Json {
	return fitted(cedarInputType(tool).type, input);
}

const known = new WeakMap<z.ZodObject, CedarInput>();

/** The type of `context.input` for `tool`, and what had to be left out of it. */
export function cedarInputType(tool: Pick<Tool, 'name' | 'input'>): CedarInput {
	const before = known.get(tool.input);
	if (before) return before;
	const root = z.toJSONSchema(tool.input, { unrepresentable: 'any' });
	const left: string[] = [];
	const type = typeOf(root, { tool: tool.name, root, following: [], left }, 'input');
	const answer: CedarInput = { type: type?.type === 'Record' ? type : { type: 'Record', attributes: {} }, left };
	known.set(tool.input, answer);
	return answer;
}

function typeOf(schema: Schema | boolean, walk: Walk, at: string): CedarType | undefined {
	if (typeof schema === 'boolean') return leave(walk, at, 'a value of any type');
	if (schema.$ref !== undefined) return typeOfReference(schema.$ref, walk, at);
	if (schema.anyOf ?? schema.oneOf) return typeOfUnion([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])], walk, at);
	if (at.split(/[.[]/).length > INPUT_DEPTH) return leave(walk, at, `a value more than ${INPUT_DEPTH} levels deep`);
	switch (schema.type) {
		case 'string':
			return { type: 'String' };
		case 'boolean':
			return { type: 'Boolean' };
		case 'integer':
			return { type: 'Long' };
		case 'number':
			return isWhole(schema) ? { type: 'Long' } : leave(walk, at, 'number');
		case 'array':
			return typeOfArray(schema, walk, at);
		case 'object':
			return typeOfObject(schema, walk, at);
		default:
			return leave(walk, at, Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'a value of any type'));
	}
}

/** `z.literal(5)` says number; its values tell that it is whole. */
function isWhole(schema: Schema): boolean {
	const values = schema.const === undefined ? schema.enum : [schema.const];
	return values?.every((value) => Number.isSafeInteger(value)) ?? false;
}

function typeOfReference(reference: string, walk: Walk, at: string): CedarType | undefined {
	if (walk.following.includes(reference)) return leave(walk, at, 'a type that contains itself');
	const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
	// A bare `#` is the whole input, inside itself.
	const target = name === undefined ? undefined : walk.root.$defs?.[name];
	if (target === undefined) return leave(walk, at, 'a type that contains itself');
	return typeOf(target, { ...walk, following: [...walk.following, reference] }, at);
}

/** Only a union of one scalar type is a type to Cedar: `z.union([z.literal('a'), z.literal('b')])`. */
function typeOfUnion(members: readonly (Schema | boolean)[], walk: Walk, at: string): CedarType | undefined {
	const types = members.map((member) => typeOf(member, { ...walk, left: [] }, at)?.type);
	const [first] = types;
	if ((first === 'String' || first === 'Long' || first === 'Boolean') && types.every((type) => type === first)) return { type: first };
	return leave(walk, at, 'union');
}

function typeOfArray(schema: Schema, walk: Walk, at: string): CedarType | undefined {
	if (schema.prefixItems !== undefined) return leave(walk, at, 'tuple');
	if (schema.items === undefined || Array.isArray(schema.items)) return leave(walk, at, 'array of anything');
	const element = typeOf(schema.items, walk, `${at}[]`);
	return element && { type: 'Set', element };
}

function typeOfObject(schema: Schema, walk: Walk, at: string): CedarType | undefined {
	const open = schema.additionalProperties !== undefined && schema.additionalProperties !== false;
	if (schema.properties === undefined && open) return leave(walk, at, 'record with keys of any name');
	if (open) leave(walk, `${at}.*`, 'a key that the schema does not name');
	const attributes: [string, CedarType & { required?: boolean }][] = [];
	for (const [key, property] of Object.entries(schema.properties ?? {})) {
		const type = RESERVED.has(key) ? leave(walk, `${at}.${key}`, `an attribute named ${key}`) : typeOf(property, walk, `${at}.${key}`);
		if (type) attributes.push([key, { ...type, required: schema.required?.includes(key) ?? false }]);
	}
	// Defines `__proto__` as a key like any other, which an assignment would not.
	return { type: 'Record', attributes: Object.fromEntries(attributes) };
}

function leave(walk: Walk, at: string, what: string): undefined {
	walk.left.push(`${walk.tool} ${at}: ${what} has no Cedar type`);
}

function fitted(type: CedarType, value: unknown): Json {
	switch (type.type) {
		case 'String':
			return typeof value === 'string' ? value : null;
		case 'Long':
			return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
		case 'Boolean':
			return typeof value === 'boolean' ? value : null;
		case 'Set':
			return Array.isArray(value) ? value.map((element) => fitted(type.element, element)) : null;
		case 'Record':
			return isRecord(value) ? recordOf(type, value) : null;
	}
}

function recordOf(type: CedarRecord, value: Readonly<Record<string, unknown>>): Json {
	const entries: [string, Json][] = [];
	for (const [key, attribute] of Object.entries(type.attributes)) {
		if (Object.hasOwn(value, key) && value[key] !== undefined) entries.push([key, fitted(attribute, value[key])]);
	}
	return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
