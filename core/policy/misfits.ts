/**
 * Whether a question is of the types that the schema declares (I3): what Cedar's own request validation asks, decided here.
 * Cedar asked to do it builds the whole request a second time, which takes longer than the decision. No looser than Cedar: a property
 * test holds the two against each other.
 */
import type { EntityUid, PolicyQuestion } from '../ports.ts';
import { type CedarRecord, type CedarType, RESERVED } from './cedar-input.ts';
import type { CedarSchema } from './schema.ts';

/** What is wrong with `question`, as sentences; none if it fits. Values are not told: names and types only. */
export function misfits(schema: CedarSchema, question: PolicyQuestion): readonly string[] {
	const { entityTypes, actions } = schema[''];
	const { principal, action, resource, context, entities } = question;
	const appliesTo = action.type === 'Action' ? declared(actions, action.id)?.appliesTo : undefined;
	if (!appliesTo) return [`${nameOf(action)} is no action of the schema`];
	const among = (types: readonly string[], { type }: EntityUid, what: string): string[] =>
		types.includes(type) ? [] : [`a ${what} of type ${type}; ${action.id} takes ${types.join(' or ')}`];
	const names = entities.map(({ uid }) => nameOf(uid));
	return [
		...among(appliesTo.principalTypes, principal, 'principal'),
		...among(appliesTo.resourceTypes, resource, 'resource'),
		...misfitsOf(appliesTo.context, context, 'context'),
		...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} twice`),
		...entities.flatMap(({ uid, attrs, parents }) => {
			const type = declared(entityTypes, uid.type);
			if (!type) return [`${nameOf(uid)} is of no type of the schema`];
			return [...misfitsOf(type.shape, attrs, uid.type), ...parents.map((parent) => `${nameOf(uid)} in ${nameOf(parent)}`)];
		}),
	];
}

function misfitsOf(type: CedarType, value: unknown, at: string): string[] {
	switch (type.type) {
		case 'String':
			if (typeof value !== 'string') return [`${at}: no String`];
			return value.isWellFormed() ? [] : [`${at}: the string holds half a surrogate pair`];
		case 'Long':
			return isLong(value) ? [] : [`${at}: no Long`];
		case 'Boolean':
			return typeof value === 'boolean' ? [] : [`${at}: no Boolean`];
		case 'Set':
			return Array.isArray(value) ? value.flatMap((element) => misfitsOf(type.element, element, `${at}[]`)) : [`${at}: no Set`];
		case 'Record':
			return isPlain(value) ? misfitsOfRecord(type, value, at) : [`${at}: no Record`];
	}
}

function misfitsOfRecord({ attributes }: CedarRecord, value: Readonly<Record<string, unknown>>, at: string): string[] {
	const found: string[] = [];
	// What is undefined is not there: JSON has no word for it.
	for (const [key, part] of Object.entries(value)) {
		if (part === undefined) continue;
		const type = RESERVED.has(key) ? undefined : declared(attributes, key);
		found.push(...(type ? misfitsOf(type, part, `${at}.${key}`) : [`${at}: undeclared attribute ${key}`]));
	}
	for (const [key, { required = true }] of Object.entries(attributes)) {
		if (required && (!Object.hasOwn(value, key) || value[key] === undefined)) found.push(`${at}: no attribute ${key}`);
	}
	return found;
}

/** As JSON text, the number has to be one that 64 bits hold. */
const isLong = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;

/** An object that is written as JSON just as it stands. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}

const declared = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
	Object.hasOwn(record, key) ? record[key] : undefined;
const nameOf = ({ type, id }: EntityUid): string => `${type}::${JSON.stringify(id)}`;
