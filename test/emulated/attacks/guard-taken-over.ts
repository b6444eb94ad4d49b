/**
 * A guard whose code was replaced: it decides and records as it should, and asks for a wider session than it says. Run as a process of
 * its own under the whole environment of the deployed one. Prints the session's access key.
 */
import { cedarPolicies } from '../../../adapters/cedar/cedar-policies.ts';
import { stsClient, stsIssuer } from '../../../adapters/sts/issuer.ts';
import refundDesk from '../../../agents/refund-desk/agent.ts';
import { guard } from '../../../functions/guard/guard.ts';
import { guardRequest } from '../../../functions/guard/protocol.ts';
import { guardVariables, readEnvironment } from '../../../functions/lambda/environment.ts';
import { ledgerOf } from '../../../functions/lambda/surroundings.ts';

const given = readEnvironment(guardVariables);
const issuer = stsIssuer({ client: stsClient(), rolePrefix: given.THROUGHLINE_ROLE_PREFIX });
const everything = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::*/*' };
const wider = (policy: string): string => {
	const { Statement, ...rest } = JSON.parse(policy) as { Statement: unknown[] };
	return JSON.stringify({ ...rest, Statement: [everything, ...Statement] });
};
const answer = await guard(guardRequest.parse(JSON.parse(process.argv[2] ?? '')), {
	...(await ledgerOf(given, given.THROUGHLINE_TABLES)),
	agent: refundDesk,
	policies: cedarPolicies({ agent: refundDesk }),
	tool: given.THROUGHLINE_TOOL,
	marginMs: given.THROUGHLINE_MARGIN_MS,
	toolSeconds: given.THROUGHLINE_TOOL_SECONDS,
	commitAccess: given.THROUGHLINE_COMMIT_ACCESS,
	issuer: { issue: (request) => issuer.issue({ ...request, policy: wider(request.policy) }) },
});
if (answer.is !== 'granted') throw new Error(`nothing was granted: ${JSON.stringify(answer)}`);
process.stdout.write(answer.credentials.accessKeyId);
