/** Cedar's calls, with answers in our words and a bounded number of policy sets kept parsed. */
import type { AuthorizationAnswer, Entities, EntityUid, PartialAuthorizationCall, ResidualResponse } from '@cedar-policy/cedar-wasm/nodejs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarSchema } from '../../core/policy/schema.ts';
import type { PolicyEntity } from '../../core/ports.ts';
import { enter } from './instance.ts';

/** Errors as Cedar words them, `policy` where one is at fault. */
export type CedarMessage = { readonly policy: string | undefined; readonly message: string; readonly help: string | undefined };
export type Validated = { readonly errors: readonly CedarMessage[]; readonly warnings: readonly CedarMessage[] };
export type PolicyTexts = Readonly<Record<string, string>>;

/**
 * Policy sets that stay parsed, of different digests. The instance never frees one unless another of the
 * same name takes its place, so names are few and used again, least recently asked first.
 */
const SLOTS = 32;
const free = Array.from({ length: SLOTS }, (_, slot) => `slot-${slot}`);
/** Digest to slot, least recently asked first. */
const held = new Map<string, string>();

/** Parses texts and schema, and checks each policy against the schema. */
export function validate(policies: PolicyTexts, schema: CedarSchema): Validated {
	const answer = enter({ schema, policies: { staticPolicies: { ...policies } } }, cedar.validate);
	if (answer.type === 'failure') return { errors: answer.errors.map((error) => messageOf(error)), warnings: [] };
	return {
		errors: answer.validationErrors.map(({ policyId, error }) => messageOf(error, policyId)),
		warnings: [
			...answer.validationWarnings.map(({ policyId, error }) => messageOf(error, policyId)),
			...answer.otherWarnings.map((error) => messageOf(error)),
		],
	};
}

export type ConcreteCall = Omit<cedar.StatefulAuthorizationCall, 'preparsedSchemaName' | 'preparsedPolicySetId' | 'validateRequest'>;

/** One question to the policies of `digest`, parsed at most once while they hold their slot. That it fits their schema is for the caller to see. */
export function authorize(digest: string, policies: PolicyTexts, call: ConcreteCall): AuthorizationAnswer {
	const slot = slotOf(digest, policies);
	return enter({ ...call, preparsedPolicySetId: slot, validateRequest: false }, cedar.statefulIsAuthorized);
}

/** What is left of the policies when some of the request is unknown. Experimental in Cedar; parses all anew. */
export function authorizePartially(call: PartialAuthorizationCall): ResidualResponse {
	const answer = enter(call, cedar.isAuthorizedPartial);
	if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
	return answer.response;
}

/** Entities as Cedar's own types want them. */
export function entitiesOf(entities: readonly PolicyEntity[]): Entities {
	return entities.map(({ uid, attrs, parents }) => ({ uid: uidOf(uid), attrs: { ...attrs }, parents: parents.map(uidOf) }));
}
export const uidOf = ({ type, id }: { readonly type: string; readonly id: string }): EntityUid => ({ type, id });

function slotOf(digest: string, policies: PolicyTexts): string {
	const mine = held.get(digest);
	if (mine !== undefined) {
		held.delete(digest);
		held.set(digest, mine);
		return mine;
	}
	const slot = free.pop() ?? leastRecent();
	try {
		demandParsed(enter({ staticPolicies: { ...policies } }, (texts) => cedar.preparsePolicySet(slot, texts)));
	} catch (error) {
		// Nobody finds the slot under a digest, and the next to take it overwrites what it holds.
		free.push(slot);
		throw error;
	}
	held.set(digest, slot);
	return slot;
}

function leastRecent(): string {
	const [oldest] = held;
	if (!oldest) throw new Error('neither a free slot nor a held one: SLOTS must be at least 1');
	held.delete(oldest[0]);
	return oldest[1];
}

/** A policy as Cedar's syntax tree; undefined when it does not parse. */
export function treeOf(text: string): unknown {
	const answer = enter(text, cedar.policyToJson);
	return answer.type === 'success' ? answer.json : undefined;
}

function demandParsed(answer: cedar.CheckParseAnswer): void {
	if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
}

function messageOf(error: cedar.DetailedError, policy?: string): CedarMessage {
	// A policy that does not parse is named in the text only.
	const named = policy ?? /^failed to parse policy with id `(.*)` from string: /s.exec(error.message)?.[1];
	const where = error.sourceLocations?.find(({ label }) => label)?.label;
	return { policy: named, message: where ? `${error.message} (${where})` : error.message, help: error.help ?? undefined };
}
