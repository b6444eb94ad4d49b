/**
 * What a tool may ask of AWS is bounded before it is deployed: by its grants, and by how long its session policy can get
 * for the longest input that its schema takes. Found later it would be a denial, call by call.
 */
import * as z from 'zod';
import type { Access, Tool } from '../../core/agent/tool.ts';
import { epochMs } from '../../core/ids.ts';
import { unbounded } from '../../core/step/grants.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';

/** A tool that can't be deployed as it declares itself. */
export class ToolUnbounded extends Error {
	override name = 'ToolUnbounded';
}

/** Where a schema sets no bound, so many: what enters a session policy then is over-long for certain. */
const UNBOUNDED_CHARACTERS = 4_000;
const UNBOUNDED_ITEMS = 50;
/** JSON takes six characters for the first, two for the second. The first that a text may consist of is its worst. */
const FILLINGS = ['\u0001', '"', 'x', 'a', '0'];

/** @throws ToolUnbounded saying what of `tool` has no bound, and how to give it one. */
export function checkBounds(agent: string, tool: Tool): void {
	const says = (problem: string): never => {
		throw new ToolUnbounded(`agent ${agent}: tool ${tool.name} ${problem}`);
	};
	const grants = tool.grants ?? says('has access without grants; say in grants the most that access may ask for');
	const lookupGrants = tool.lookupGrants ?? says('has lookupAccess without lookupGrants; say in lookupGrants the most that it may ask for');
	for (const grant of [...grants, ...lookupGrants]) {
		const why = unbounded(grant);
		if (why !== undefined) says(`has a grant that ${why}`);
	}
	for (const [name, access] of [['access', tool.access] as const, ['lookupAccess', tool.lookupAccess] as const]) {
		const longest = longestAccess(tool, access);
		if (longest === undefined) says(`throws in ${name} on the longest input of its schema; let it take any input that its schema takes`);
		const policy = sessionPolicy(longest ?? [], epochMs.parse(0));
		if ('why' in policy) says(`can ask for too much in ${name}: ${policy.why}`);
	}
}

/** The access for the longest input there is; `undefined` when no longest input could be put to it. */
function longestAccess(tool: Tool, access: (input: unknown) => readonly Access[]): readonly Access[] | undefined {
	const schema = z.toJSONSchema(tool.input, { io: 'output', unrepresentable: 'any' });
	const sizes = FILLINGS.flatMap((filling): (readonly Access[])[] => {
		try {
			return [access(longest(schema, filling))];
		} catch {
			return [];
		}
	});
	return sizes.toSorted((left, right) => JSON.stringify(right).length - JSON.stringify(left).length)[0];
}

type Schema = z.core.JSONSchema.BaseSchema;

/** A value of `schema` that is as long as any. It need not pass its checks: it has to be at least as long as what does. */
function longest(schema: Schema, filling: string): unknown {
	if (schema.const !== undefined) return schema.const;
	if (schema.enum) return [...schema.enum].toSorted((left, right) => String(right).length - String(left).length)[0];
	const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Schema[];
	if (options.length > 0) {
		const values = options.map((option) => longest(option, filling));
		return values.toSorted((left, right) => (JSON.stringify(right)?.length ?? 0) - (JSON.stringify(left)?.length ?? 0))[0];
	}
	switch (schema.type) {
		case 'string':
			return filled(schema, filling);
		case 'integer':
			return -Number.MAX_SAFE_INTEGER;
		case 'number':
			return -1.7976931348623157e308;
		case 'boolean':
			return false;
		case 'array': {
			const items = (schema.items ?? {}) as Schema;
			return Array.from({ length: schema.maxItems ?? UNBOUNDED_ITEMS }, () => longest(items, filling));
		}
		case 'object':
			return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, longest(part as Schema, filling)]));
		default:
			return filling.repeat(UNBOUNDED_CHARACTERS);
	}
}

function filled({ maxLength, pattern }: Schema, filling: string): string {
	const length = maxLength ?? lengthOf(pattern) ?? UNBOUNDED_CHARACTERS;
	const text = filling.repeat(length);
	// A pattern of one set of characters tells whether this one is among them; of any other pattern nothing is concluded.
	if (pattern !== undefined && lengthOf(pattern) !== undefined && !new RegExp(pattern).test(filling.repeat(leastOf(pattern)))) {
		throw new RangeError('not a character of this text');
	}
	return text;
}

/** `^[…]{m,n}$`: what bounds a text as `max` does. */
const oneSet = /^\^\[(?:[^\]\\]|\\.)+\]\{(\d+)(?:,(\d+))?\}\$$/;
const lengthOf = (pattern: string | undefined): number | undefined => {
	const found = pattern === undefined ? null : oneSet.exec(pattern);
	return found ? Number(found[2] ?? found[1]) : undefined;
};
const leastOf = (pattern: string): number => Math.max(1, Number(oneSet.exec(pattern)?.[1] ?? 1));
