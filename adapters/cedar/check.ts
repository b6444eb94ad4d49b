/** What policies must be before they are asked anything. Every fault is found, not only the first. */
import type { CedarSchema } from '../../core/policy/schema.ts';
import { type CedarMessage, type PolicyTexts, treeOf, validate } from './wasm.ts';

/** A decision's entry holds a policy's name up to here. */
const NAME_CHARACTERS = 120;
const TEXT_CHARACTERS = 32_768;
/** Policies of one agent at most; a decision asks all of them. */
const POLICIES = 500;
/** Brackets inside brackets: Cedar's parser overflows its stack at about 105. */
const NESTING = 32;
/** Operators, dots and `if`s: Cedar's evaluator overflows its stack at a chain of about 320, well after it has validated it. */
const OPERATORS = 200;

/** Policies that can't be relied on. The message names each, says what is wrong with it and what to do. */
export class PolicyError extends Error {
	override name = 'PolicyError';
}

/**
 * Checks an agent's policies, and answers with warnings that are worth a look but no fault.
 *
 * @throws PolicyError when any of them breaks a bound, does not parse, or does not fit the schema.
 */
export function checkPolicies(name: string, policies: PolicyTexts, schema: CedarSchema): readonly string[] {
	const count = Object.keys(policies).length;
	demandNone(name, count > POLICIES ? [`${count} policies; merge them into ${POLICIES} at most`] : []);
	// Bounds first: a text that overflows Cedar's stack must never reach it.
	demandNone(
		name,
		Object.entries(policies).flatMap(([policy, text]) => outOfBounds(policy, text)),
	);
	const { errors, warnings } = validated(name, policies, schema);
	demandNone(name, errors.map(sentence));
	demandNone(
		name,
		Object.entries(policies).flatMap(([policy, text]) => unknowns(policy, text)),
	);
	return warnings.map(sentence).toSorted();
}

function validated(name: string, policies: PolicyTexts, schema: CedarSchema): ReturnType<typeof validate> {
	try {
		return validate(policies, schema);
	} catch (error) {
		throw new PolicyError(`policies of ${name}: Cedar could not read them: ${error instanceof Error ? error.message : String(error)}`, {
			cause: error,
		});
	}
}

function outOfBounds(policy: string, text: string): string[] {
	if (policy === '' || policy.length > NAME_CHARACTERS)
		return [`policy ${JSON.stringify(policy)}: its name has ${policy.length} characters; give it 1 to ${NAME_CHARACTERS}`];
	if (!policy.isWellFormed() || !text.isWellFormed())
		return [`policy ${JSON.stringify(policy)}: it holds half a surrogate pair; save it as UTF-8`];
	if (text.length > TEXT_CHARACTERS)
		return [`policy ${policy}: it has ${text.length} characters; split it, at ${TEXT_CHARACTERS} at most each`];
	const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*/gs, ' ');
	const operators = bare.match(/&&|\|\||[-+*.]|\bif\b/g)?.length ?? 0;
	if (operators > OPERATORS)
		return [`policy ${policy}: it has ${operators} operators; split it into policies of ${OPERATORS} at most each`];
	const nesting = nestingOf(bare);
	if (nesting > NESTING) return [`policy ${policy}: its brackets nest ${nesting} deep; simplify it to ${NESTING} at most`];
	return [];
}

function nestingOf(text: string): number {
	let [depth, deepest] = [0, 0];
	for (const character of text) {
		if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth);
		if (')]}'.includes(character)) depth -= 1;
	}
	return deepest;
}

/** `unknown(…)` is Cedar's word for what partial evaluation leaves open. It validates anywhere and always errs. */
function unknowns(policy: string, text: string): string[] {
	return callsUnknown(treeOf(text)) ? [`policy ${policy}: it calls unknown(…), which errs at every request; remove the call`] : [];
}

function callsUnknown(node: unknown): boolean {
	if (typeof node !== 'object' || node === null) return false;
	return Object.entries(node).some(([key, value]) => (key === 'unknown' && Array.isArray(value)) || callsUnknown(value));
}

function demandNone(name: string, faults: readonly string[]): void {
	if (faults.length > 0)
		throw new PolicyError(
			`policies of ${name}:\n${faults
				.toSorted()
				.map((fault) => `- ${fault}`)
				.join('\n')}`,
		);
}

function sentence({ policy, message, help }: CedarMessage): string {
	const advice = /unexpected token `(permit|forbid|@)`/.test(message)
		? 'one policy a text: move the second one to a text of its own'
		: help;
	return `${policy === undefined ? 'schema or policies' : `policy ${policy}`}: ${message}${advice ? `; ${advice}` : ''}`;
}
