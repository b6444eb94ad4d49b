/** The port `Policies` on Cedar, in process. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Agent } from '../../core/agent/agent.ts';
import { misfits } from '../../core/policy/misfits.ts';
import { type CedarSchema, cedarSchema } from '../../core/policy/schema.ts';
import type { PartialAnswer, Policies, PolicyAnswer, PolicyQuestion } from '../../core/ports.ts';
import { checkPolicies } from './check.ts';
import { namedOfContext, reachable } from './reach.ts';
import { authorize, entitiesOf, type PolicyTexts, uidOf } from './wasm.ts';
import { answerWithoutInput } from './without-input.ts';

export { PolicyError } from './check.ts';

/** Errors in one answer at most, and characters in each: Cedar quotes the whole request. */
const ERRORS = 20;
const ERROR_CHARACTERS = 500;

/** Policies or a schema as they are, for one who has them from elsewhere: an evidence bundle, a test. */
export type PolicySources = { readonly name: string; readonly schema: CedarSchema; readonly policies: PolicyTexts };
export type CedarPolicies = Policies & {
	/** What Cedar finds odd but not wrong, as sentences. */
	readonly warnings: readonly string[];
	/** The tools' input attributes that policies can't see, as sentences. */
	readonly left: readonly string[];
};

/**
 * An agent's policies, checked against the schema of its own tools, ready to be asked.
 *
 * `decide` never throws: a request that does not fit the schema, a policy that errs and a failing Cedar are all `deny` with
 * `errors` (I3). Errors may quote the request; they are content, to be sealed. `policies` are sorted.
 * `decideWithoutInput` is never wrong for a request that fits the schema; it says `depends` more often than it must,
 * and names all policies if Cedar's experimental part fails.
 *
 * @throws PolicyError when a policy does not parse, does not fit the schema or is too large.
 * @see docs/guide.md#policies
 */
export function cedarPolicies(from: { readonly agent: Agent } | PolicySources): CedarPolicies {
	const { name, schema, policies, left } = sourcesOf(from);
	const warnings = checkPolicies(name, policies, schema);
	const digest = digestOf(policies, schema);
	const named = namedOfContext(policies);
	return {
		digest,
		warnings,
		left,
		decide: (question) => decide(digest, { policies, schema, named }, question),
		decideWithoutInput: (question) => decideWithoutInput({ policies, schema }, question),
	};
}

/** Copies, so that texts parsed anew later are still those of the digest. */
function sourcesOf(from: { readonly agent: Agent } | PolicySources): PolicySources & { readonly left: readonly string[] } {
	if (!('agent' in from)) return { ...structuredClone({ name: from.name, schema: from.schema, policies: from.policies }), left: [] };
	const { name, policies } = from.agent;
	return structuredClone({ name, policies, ...cedarSchema(from.agent) });
}

/** SHA-256 over the canonical JSON (RFC 8785) of `{ policies, schema }`, lower-case hex. */
function digestOf(policies: PolicyTexts, schema: CedarSchema): string {
	const text = canonicalize({ policies, schema });
	if (text === undefined) throw new TypeError('policies and schema have no canonical JSON');
	return createHash('sha256').update(text).digest('hex');
}

/** The context's attributes that the policies name. */
type Reach = { readonly named: ReadonlySet<string> | undefined };
type Sources = { readonly policies: PolicyTexts; readonly schema: CedarSchema };

function decide(digest: string, sources: Sources & Reach, question: PolicyQuestion): PolicyAnswer {
	try {
		// First, since Cedar is then shown a part of the request only.
		const wrong = misfits(sources.schema, question);
		if (wrong.length > 0) return denied(wrong);
		const answer = authorize(digest, sources.policies, {
			principal: uidOf(question.principal),
			action: uidOf(question.action),
			resource: uidOf(question.resource),
			context: reachable(question.context, sources.named),
			entities: entitiesOf(question.entities),
		});
		if (answer.type === 'failure') return denied(answer.errors.map(({ message }) => message));
		const { decision, diagnostics } = answer.response;
		// Cedar skips a policy that errs. If that was the `forbid`, its own decision is `allow`.
		if (diagnostics.errors.length > 0)
			return denied(
				diagnostics.errors.map(({ policyId, error }) => `policy ${policyId}: ${error.message}`),
				diagnostics.errors.map(({ policyId }) => policyId),
			);
		return { verdict: decision === 'allow' ? 'allow' : 'deny', policies: diagnostics.reason.toSorted(), errors: [] };
	} catch (error) {
		return denied([error instanceof Error ? error.message : String(error)]);
	}
}

function denied(errors: readonly string[], policies: readonly string[] = []): PolicyAnswer {
	const some = errors.length === 0 ? ['Cedar failed and did not say why'] : errors.toSorted().slice(0, ERRORS);
	return { verdict: 'deny', policies: policies.toSorted(), errors: some.map((error) => error.slice(0, ERROR_CHARACTERS)) };
}

function decideWithoutInput(sources: Sources, question: Parameters<Policies['decideWithoutInput']>[0]): PartialAnswer {
	try {
		return answerWithoutInput(question, sources);
	} catch {
		// Experimental in Cedar. Not knowing is always a true answer.
		return { verdict: 'depends', policies: Object.keys(sources.policies).toSorted() };
	}
}
