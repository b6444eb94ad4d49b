// The broker's counter at AWS: one AssumeRole a session, all that a grant says in it, and STS's refusals in core's words.
import { expect, test } from 'vitest';
import { stsClient, stsIssuer } from '../../adapters/sts/issuer.ts';
import { type Answered, type Asked, httpService } from '../doubles/http-service.ts';

const request = {
	role: 'desk_tool-access',
	sessionName: 'run-1.3.1',
	sourceIdentity: 'run-1',
	tags: { agent: 'desk', run: 'run-1', step: '3', attempt: '1', head: 'a'.repeat(64) },
	policy: '{"Version":"2012-10-17","Statement":[{"Resource":"arn:aws:s3:::letters/customer-4711"}]}',
	durationSeconds: 900,
};
const issuedAs = (expiration: string): Answered => ({
	status: 200,
	body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
});
const refusedWith = (code: string): Answered => ({
	status: 400,
	body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>about ${request.policy}</Message></Error></ErrorResponse>`,
});

async function broker(answer: (asked: Asked) => Answered) {
	const asked: Asked[] = [];
	const service = await httpService((one) => {
		asked.push(one);
		return answer(one);
	});
	return { issuer: stsIssuer({ client: stsClient(service), rolePrefix: 'arn:aws:iam::111122223333:role/throughline-dev-' }), asked };
}

test('name, source identity, tags, policy and life go along; what comes back is the session and its end', async () => {
	const { issuer, asked } = await broker(() => issuedAs('2026-11-23T10:00:00Z'));
	expect(await issuer.issue(request)).toEqual({
		accessKeyId: 'ASIAX',
		secretAccessKey: 'secret',
		sessionToken: 'token',
		expiresAt: Date.parse('2026-11-23T10:00:00Z'),
	});
	const sent = Object.fromEntries(new URLSearchParams(asked[0]?.body.toString()));
	expect(sent).toMatchObject({
		Action: 'AssumeRole',
		RoleArn: 'arn:aws:iam::111122223333:role/throughline-dev-desk_tool-access',
		RoleSessionName: 'run-1.3.1',
		SourceIdentity: 'run-1',
		Policy: request.policy,
		DurationSeconds: '900',
	});
	const tags = Object.keys(request.tags).map((_, index) => [sent[`Tags.member.${index + 1}.Key`], sent[`Tags.member.${index + 1}.Value`]]);
	expect(Object.fromEntries(tags)).toEqual(request.tags);
});

test.for(['PackedPolicyTooLarge', 'MalformedPolicyDocument'])('%s is final, and says what to correct', async (code) => {
	const { issuer } = await broker(() => refusedWith(code));
	await expect(issuer.issue(request)).rejects.toMatchObject({
		name: 'SessionPolicyRefused',
		message: expect.stringMatching(/schema|correct/),
	});
});

test.for(['AccessDenied', 'Throttling', 'InternalFailure'])('%s may be another one next time', async (code) => {
	const { issuer } = await broker(() => refusedWith(code));
	await expect(issuer.issue(request)).rejects.toMatchObject({ name: 'SessionNotIssued' });
});

test('what STS quotes of a policy is not passed on: it names what the input named', async () => {
	for (const code of ['PackedPolicyTooLarge', 'MalformedPolicyDocument', 'AccessDenied', 'Throttling']) {
		const { issuer } = await broker(() => refusedWith(code));
		const error = await issuer.issue(request).then(String, String);
		expect(error).not.toContain('customer-4711');
	}
});

test('an answer without credentials is no session', async () => {
	const { issuer } = await broker(() => ({ status: 200, body: '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>' }));
	await expect(issuer.issue(request)).rejects.toMatchObject({ name: 'SessionNotIssued' });
});

test('a line that breaks is asked again: a session that nobody uses does no harm', async () => {
	let times = 0;
	const { issuer } = await broker(() => {
		times += 1;
		return times === 1 ? 'hang-up' : issuedAs('2026-11-23T10:00:00Z');
	});
	expect(await issuer.issue(request)).toMatchObject({ accessKeyId: 'ASIAX' });
});
