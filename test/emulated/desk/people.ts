/** People of the account: users of IAM with a key and what they may do, so that who answers is what AWS verified. */
import { inXml } from '../proxy/answers.ts';
import { type Keys, signedPost } from './signed.ts';

export type Asking = { readonly endpoint: string; readonly region: string; readonly root: Keys };
/** An allowed action with its resource. */
export type May = { readonly actions: readonly string[]; readonly resource: string };

export async function person(userName: string, may: readonly May[], asking: Asking): Promise<Keys> {
	await iam('CreateUser', { UserName: userName }, asking);
	const Statement = may.map(({ actions, resource }) => ({ Effect: 'Allow', Action: actions, Resource: resource }));
	const policy = { UserName: userName, PolicyName: 'may', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) };
	// A policy that says nothing is none.
	if (Statement.length > 0) await iam('PutUserPolicy', policy, asking);
	const made = await iam('CreateAccessKey', { UserName: userName }, asking);
	return { accessKeyId: inXml(made, 'AccessKeyId') ?? '', secretAccessKey: inXml(made, 'SecretAccessKey') ?? '' };
}

async function iam(action: string, parameters: Record<string, string>, { endpoint, root }: Asking): Promise<string> {
	const body = new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString();
	const form = { body, type: 'application/x-www-form-urlencoded' };
	const answer = await signedPost(new URL('/', endpoint), form, { keys: root, service: 'iam', region: 'us-east-1' });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${action} of ${parameters.UserName}: ${answer.status} ${text}`);
	return text;
}
