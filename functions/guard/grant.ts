/**
 * Granting: assume the tool's role, record the decision with its grant, look once more for a freeze, and only then
 * hand out. A crash after the record leaves an attempt that nobody has used; it is settled like any other.
 */
import type { Access } from '../../core/agent/tool.ts';
import { EXPIRY_CUT_MS, POLICIES_NAMED, SESSION_SECONDS } from '../../core/bounds.ts';
import { type EpochMs, epochMs, type RoleKind, roleName, type SessionTags } from '../../core/ids.ts';
import { append, decideUntilPlaced, type Round } from '../../core/ledger/append.ts';
import { sha256 } from '../../core/ledger/chain.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import type { Grant } from '../../core/ledger/entry.ts';
import { stepOf } from '../../core/ledger/state.ts';
import { type Credentials, SessionPolicyRefused, type SessionRequest } from '../../core/ports.ts';
import type { Verdict } from '../../core/step/judge.ts';
import { sessionPolicy } from '../../core/step/session-policy.ts';
import { type GuardSurroundings, readControl } from '../surroundings.ts';
import { freeClaim } from './claim.ts';
import { denied, held } from './decline.ts';
import { type Grounds, type Occasion, status, toolOf, windowOf } from './occasion.ts';
import type { GuardAnswer } from './protocol.ts';

/** The broker's clock and ours disagree by more than the margin: a window could outlive what it is thought to be. Retryable. */
export class ClocksDisagree extends Error {
	override name = 'ClocksDisagree';
}

export async function grantAttempt(
	verdict: Extract<Verdict, { is: 'grant' }>,
	round: Grounds,
	occasion: Occasion,
): Promise<Round<GuardAnswer>> {
	const { request, around } = occasion;
	const { state } = round.view;
	const { prepared } = verdict.opinion;
	const claim = await freeClaim(verdict, round, occasion);
	if (claim && 'why' in claim)
		return denied({ is: 'deny', reason: 'claimed', why: claim.why, policies: [] }, round, occasion, claim.holder);
	const issued = await issue(round, occasion, { access: prepared.access, attempt: String(verdict.attempt), role: 'access' });
	if ('why' in issued) return denied({ is: 'deny', reason: 'over-long', why: issued.why, policies: [] }, round, occasion);
	const decision = {
		...decisionBase(round, occasion),
		reason: verdict.opinion.reason,
		policies: verdict.opinion.policies.slice(0, POLICIES_NAMED),
		approved: verdict.opinion.reason === 'approved',
		attempt: verdict.attempt,
		grant: issued.grant,
		...(claim && { claim: { key: claim.key, n: claim.n } }),
		...(prepared.spend > 0 && { spend: prepared.spend }),
	} as const;
	const written = await append(around, round.view, decision, { at: round.now, ...(claim && { together: { claim } }) });
	// The place or the claim went to somebody else: this session is never handed out.
	if (written.is !== 'written') return 'again';
	const control = await readControl(around.store, around.agent.name);
	if (control.frozen) return withdraw(verdict.attempt, occasion);
	return {
		answer: {
			is: 'granted',
			attempt: verdict.attempt,
			notAfter: issued.grant.notAfter,
			input: round.call.input,
			idempotencyKey: idempotencyKey(state.root, request.step),
			credentials: issued.credentials,
			token: issued.token,
		},
	};
}

/** A lookup is a decision but no attempt: it asks about attempts that can act no more. What cannot be asked is a person's. */
export async function grantLookup(asks: number[], round: Grounds, occasion: Occasion): Promise<Round<GuardAnswer>> {
	const { request, around } = occasion;
	const access = accessOfLookup(round, occasion);
	const number = (stepOf(round.view.state, request.step)?.lookups ?? 0) + 1;
	const issued = access && (await issue(round, occasion, { access, attempt: `l${number}`, role: 'lookup' }));
	if (!issued || 'why' in issued) return held({ is: 'hold', for: 'doubt' }, round, occasion);
	const decision = {
		...decisionBase(round, occasion),
		reason: 'look-up',
		policies: [],
		approved: false,
		asks,
		grant: issued.grant,
	} as const;
	const written = await append(around, round.view, decision, { at: round.now });
	if (written.is !== 'written') return 'again';
	// Frozen between the read and the append: nobody asks, and there is no attempt to end; thawed, it is asked anew.
	if ((await readControl(around.store, around.agent.name)).frozen) return status({ status: 'held' });
	return {
		answer: {
			is: 'look-up',
			attempts: asks,
			notAfter: issued.grant.notAfter,
			input: round.call.input,
			idempotencyKey: idempotencyKey(round.view.state.root, request.step),
			credentials: issued.credentials,
			token: issued.token,
		},
	};
}

/** `undefined` when the tool cannot tell: its input or its code is not what it was when the step was planned. */
function accessOfLookup({ call }: Grounds, { around }: Occasion): readonly Access[] | undefined {
	const tool = toolOf(around);
	const parsed = tool.input.safeParse(call.input);
	try {
		return parsed.success ? tool.lookupAccess(parsed.data) : undefined;
	} catch {
		return undefined;
	}
}

function decisionBase({ view, control }: Grounds, { request, around }: Occasion) {
	return {
		kind: 'decision',
		epoch: view.state.epoch,
		step: request.step,
		verdict: 'allow',
		effect: toolOf(around).effect,
		policyDigest: around.policies.digest,
		...(control.heads.length > 0 && { controls: control.heads }),
	} as const;
}

type Issued = { credentials: Credentials; grant: Grant; token: string };
type Session = { readonly access: readonly Access[]; readonly attempt: string; readonly role: RoleKind };

/** Assumes the role for one attempt. `why` when the session policy is not one that the broker takes. */
export async function issue(
	{ view, now }: Pick<Grounds, 'view' | 'now'>,
	{ request, around }: { request: { step: number }; around: GuardSurroundings },
	session: Session,
): Promise<Issued | { why: string }> {
	const { state } = view;
	const windowMs = windowOf(around);
	const notAfter = epochMs.parse(now + windowMs);
	const policy = sessionPolicy(session.access, notAfter);
	if ('why' in policy) return policy;
	const tags: SessionTags = {
		agent: state.agent,
		run: state.run,
		step: String(request.step),
		attempt: session.attempt,
		head: state.head.hash,
	};
	const role = roleName(state.agent, around.tool, session.role);
	const credentials = await issued(around, {
		role,
		sessionName: `${state.run}.${request.step}.${session.attempt}`,
		sourceIdentity: state.run,
		tags,
		policy: policy.text,
		durationSeconds: SESSION_SECONDS,
	});
	if ('why' in credentials) return credentials;
	const aheadMs = clockAhead(credentials, now, around.marginMs);
	const token = Buffer.from(around.store.randomness.bytes(24)).toString('base64url');
	const grant = {
		accessKeyId: credentials.accessKeyId,
		role,
		notAfter,
		// By the broker's clock, and the target's, the session lasts so much longer.
		windowMs: windowMs + Math.max(0, aheadMs),
		policyDigest: sha256(policy.text),
		tokenDigest: sha256(token),
	};
	return { credentials, grant, token };
}

/** How much a policy takes once it is packed, only the broker knows: its word counts like ours, as a denial. */
async function issued({ issuer }: GuardSurroundings, request: SessionRequest): Promise<Credentials | { why: string }> {
	try {
		return await issuer.issue(request);
	} catch (error) {
		if (error instanceof SessionPolicyRefused) return { why: error.message };
		throw error;
	}
}

/** How far this clock is ahead of the broker's, at most. @throws ClocksDisagree */
function clockAhead(credentials: Credentials, now: EpochMs, marginMs: number): number {
	const aheadMs = now + SESSION_SECONDS * 1000 - credentials.expiresAt;
	if (-marginMs <= aheadMs && aheadMs <= marginMs + EXPIRY_CUT_MS) return aheadMs;
	throw new ClocksDisagree(
		`this clock is ${aheadMs} ms ahead of the credential broker's; ${marginMs} ms either way are let pass, and what is cut off an expiry. Set the clock right`,
	);
}

/** Frozen between the read and the append: the attempt is ended unused. */
async function withdraw(attempt: number, { request, around }: Occasion): Promise<Round<GuardAnswer>> {
	const answer = await decideUntilPlaced<GuardAnswer>(around.reader, request, async (now) => {
		const granted = stepOf(now.state, request.step)?.attempts[attempt - 1];
		if (!granted || granted.end) return status({ status: 'held' });
		const outcome = {
			kind: 'outcome',
			epoch: now.state.epoch,
			step: request.step,
			attempts: [attempt],
			result: 'failed',
			by: 'guard',
			reason: 'frozen',
		} as const;
		const written = await append(around, now, outcome);
		return written.is === 'written' ? status({ status: 'held' }) : 'again';
	});
	return { answer };
}
