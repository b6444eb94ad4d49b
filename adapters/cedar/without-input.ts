/**
 * The verdict that holds whatever the input and the resource turn out to be.
 *
 * Cedar's own partial answer is neither sound for us nor sharp. It allows where a policy that is still open may err, which
 * is a deny here (I3), and it leaves `open && false` open. So only its residuals are taken, and judged below.
 */
import type { PolicyJson, ResidualResponse } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarSchema } from '../../core/policy/schema.ts';
import type { PartialAnswer, Policies } from '../../core/ports.ts';
import { authorizePartially, entitiesOf, type PolicyTexts, uidOf } from './wasm.ts';

type Question = Parameters<Policies['decideWithoutInput']>[0];
/** A policy once all that is known has been filled in. `applies`: what its conditions come to if they don't err; undefined while open. */
type Rest = { readonly id: string; readonly forbids: boolean; readonly applies: boolean | undefined; readonly mayErr: boolean };

/** Expressions that can't err in a validated policy. Arithmetic overflows; extension functions refuse some arguments. */
const SAFE: ReadonlySet<string> = new Set(
	'Value Var unknown ! == != in < <= > >= && || contains containsAll containsAny isEmpty . has like is if-then-else Set Record'.split(' '),
);

/** @see core/ports.ts Policies.decideWithoutInput */
export function answerWithoutInput(
	question: Question,
	{ policies, schema }: { policies: PolicyTexts; schema: CedarSchema },
): PartialAnswer {
	const { appliesTo } = schema[''].actions[question.action.id] ?? {};
	const possible = appliesTo?.resourceTypes.includes(question.resourceType) && appliesTo.principalTypes.includes(question.principal.type);
	// No request of this shape fits the schema, so every one of them is denied.
	if (!possible || question.action.type !== 'Action') return { verdict: 'deny', policies: [] };
	return judge(residuals(question, policies, schema), question.resourceType);
}

function residuals(question: Question, policies: PolicyTexts, schema: CedarSchema): ResidualResponse {
	return authorizePartially({
		principal: uidOf(question.principal),
		action: uidOf(question.action),
		resource: null,
		context: { ...question.context, input: { __extn: { fn: 'unknown', arg: 'input' } } },
		entities: entitiesOf(question.entities),
		policies: { staticPolicies: { ...policies } },
		schema,
		// An unknown is no record, so no request with one is valid.
		validateRequest: false,
	});
}

function judge(response: ResidualResponse, resourceType: string): PartialAnswer {
	if (response.errored.length > 0) return { verdict: 'deny', policies: response.errored.toSorted() };
	const rests = Object.entries(response.residuals).map(([id, policy]) => restOf(id, policy, resourceType));
	const forbids = rests.filter((rest) => rest.forbids && rest.applies !== false);
	const permits = rests.filter((rest) => !rest.forbids && rest.applies !== false);
	const named = (some: readonly Rest[]) => [...new Set(some.map(({ id }) => id))].toSorted();
	// It forbids or it errs: either denies.
	const sure = forbids.filter(({ applies }) => applies);
	if (sure.length > 0) return { verdict: 'deny', policies: named(sure) };
	if (permits.length === 0) return { verdict: 'deny', policies: [] };
	const erring = rests.filter(({ mayErr }) => mayErr);
	const given = permits.filter(({ applies, mayErr }) => applies && !mayErr);
	if (given.length === 0) return { verdict: 'depends', policies: named([...permits, ...forbids, ...erring]) };
	if (forbids.length === 0 && erring.length === 0) return { verdict: 'allow', policies: named(given) };
	return { verdict: 'depends', policies: named([...forbids, ...erring]) };
}

function restOf(id: string, policy: PolicyJson, resourceType: string): Rest {
	const clauses = policy.conditions.map(({ kind, body }) => (kind === 'when' ? truth(body, resourceType) : not(truth(body, resourceType))));
	const mayErr = policy.conditions.some(({ body }) => errs(body));
	return { id, forbids: policy.effect === 'forbid', applies: all(clauses), mayErr };
}

/** What `node` comes to for every input if it does not err; undefined if that is open. */
function truth(node: unknown, resourceType: string): boolean | undefined {
	const [operator, operand] = only(node);
	const of = (key: string) => truth(field(operand, key), resourceType);
	switch (operator) {
		case 'Value':
			return typeof operand === 'boolean' ? operand : undefined;
		case '!':
			return not(of('arg'));
		case '&&':
			return all([of('left'), of('right')]);
		case '||':
			return not(all([not(of('left')), not(of('right'))]));
		case 'if-then-else': {
			const [condition, yes, no] = [of('if'), of('then'), of('else')];
			if (condition !== undefined) return condition ? yes : no;
			return yes === no ? yes : undefined;
		}
		case 'is':
			return isResource(field(operand, 'left')) ? ofType(operand, resourceType) : undefined;
		default:
			return undefined;
	}
}

/** `resource is T` is settled by the type alone; `resource is T in …` only where the type is another. */
function ofType(operand: unknown, resourceType: string): boolean | undefined {
	if (field(operand, 'entity_type') !== resourceType) return false;
	return field(operand, 'in') === undefined ? true : undefined;
}

function isResource(node: unknown): boolean {
	const [operator, operand] = only(node);
	return operator === 'unknown' && Array.isArray(operand) && field(operand[0], 'Value') === 'resource';
}

function errs(node: unknown): boolean {
	const [operator, operand] = only(node);
	if (operator === undefined || !SAFE.has(operator)) return true;
	// A literal value has no parts to evaluate, an attribute's name and a pattern neither.
	if (operator === 'Value' || operator === 'Var' || operator === 'unknown') return false;
	if (operator === 'Set') return !Array.isArray(operand) || operand.some(errs);
	if (operator === 'Record') return typeof operand !== 'object' || operand === null || Object.values(operand).some(errs);
	const parts = ['left', 'right', 'arg', 'if', 'then', 'else', 'in'].map((key) => field(operand, key));
	return parts.some((part) => part !== undefined && errs(part));
}

function all(values: readonly (boolean | undefined)[]): boolean | undefined {
	if (values.includes(false)) return false;
	return values.includes(undefined) ? undefined : true;
}

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

/** The one operator of an expression with its operands. */
function only(node: unknown): readonly [string | undefined, unknown] {
	if (typeof node !== 'object' || node === null) return [undefined, undefined];
	const [entry, ...more] = Object.entries(node);
	return entry && more.length === 0 ? entry : [undefined, undefined];
}

function field(node: unknown, key: string): unknown {
	if (typeof node !== 'object' || node === null) return undefined;
	return Object.entries(node).find(([name]) => name === key)?.[1];
}
