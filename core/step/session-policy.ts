/** The session policy of one grant: what this input needs, and nothing after its time (I2). */
import type { Access } from '../agent/tool.ts';
import { SESSION_POLICY_CHARACTERS } from '../bounds.ts';
import type { EpochMs } from '../ids.ts';

/**
 * JSON for STS. Resources hold no wildcard and no variable: most of them come from a call's input, which nobody trusts,
 * and one star in it would widen the session from one item to all. The `Deny` after `notAfter` holds against resource policies that name the session too.
 * A tool that needs nothing of AWS gets a session that may do nothing there.
 */
export function sessionPolicy(access: readonly Access[], notAfter: EpochMs): { text: string } | { why: string } {
	if (access.some((statement) => statement.actions.length === 0 || statement.resources.length === 0)) {
		return { why: 'access without actions or without resources; leave the statement out or name both' };
	}
	const wild = access.flatMap((statement) => statement.resources).find((resource) => resource === '' || /[*?]|\$\{/.test(resource));
	if (wild !== undefined) return { why: `access to resource ${JSON.stringify(wild.slice(0, 200))}; name what this call needs` };
	const allowed = access.map((statement) => ({ Effect: 'Allow', Action: statement.actions, Resource: statement.resources }));
	const expiry = {
		Effect: 'Deny',
		Action: '*',
		Resource: '*',
		Condition: { DateGreaterThan: { 'aws:CurrentTime': new Date(notAfter).toISOString() } },
	};
	const text = JSON.stringify({ Version: '2012-10-17', Statement: [...allowed, expiry] });
	if (text.length <= SESSION_POLICY_CHARACTERS) return { text };
	return {
		why: `the session policy has ${text.length} characters, STS takes about ${SESSION_POLICY_CHARACTERS}; bound the input's lengths in the tool's schema`,
	};
}
