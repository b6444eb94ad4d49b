/** What an attacker does in the account: as its administrator, as a function that was taken over, or with a session of a tool's. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { dynamoClient } from '../../../adapters/dynamodb/client.ts';
import { chainKey, entryItem, sortKey } from '../../../adapters/dynamodb/items.ts';
import { stsClient, stsIssuer } from '../../../adapters/sts/issuer.ts';
import { SESSION_HEADER } from '../../../agents/refund-desk/world/session.ts';
import { guardFunction } from '../../../core/ids.ts';
import type { StoredEntry } from '../../../core/ledger/entry.ts';
import type { Credentials, SessionRequest } from '../../../core/ports.ts';
import { person } from '../desk/people.ts';
import { type Keys, signedPost } from '../desk/signed.ts';
import { workersOf } from '../desk/workers.ts';
import type { EmulatedAccount } from '../emulated-account.ts';
import { inXml } from '../proxy/answers.ts';
import type { Held } from '../proxy/control.ts';

const replacedGuard = fileURLToPath(new URL('guard-taken-over.ts', import.meta.url));

export type Attacker = ReturnType<typeof attackerIn>;

export function attackerIn({ endpoint, region, account, outputs, people, group, settings }: EmulatedAccount) {
	const TableName = outputs.LedgerTable;
	const admin = dynamoClient({ endpoint, region, credentials: people.root });
	const rolePrefix = `arn:aws:iam::${account}:role/${outputs.NamePrefix}`;

	const asked = async (
		service: string,
		sent: { target?: string; body: string; type: string },
		keys: Keys,
		of = region,
	): Promise<string> => {
		const answer = await signedPost(new URL('/', endpoint), sent, { keys, service, region: of });
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${sent.target ?? sent.body.slice(0, 60)}: ${answer.status} ${text}`);
		return text;
	};
	const kms = async (operation: string, input: unknown, keys: Keys): Promise<string> => {
		const sent = { target: `TrentService.${operation}`, body: JSON.stringify(input), type: 'application/x-amz-json-1.1' };
		return asked('kms', sent, keys);
	};
	const iam = (Action: string, parameters: Record<string, string>): Promise<string> => {
		const body = new URLSearchParams({ Action, Version: '2010-05-08', ...parameters }).toString();
		return asked('iam', { body, type: 'application/x-www-form-urlencoded' }, people.root, 'us-east-1');
	};
	const assume = (keys: Keys, request: SessionRequest): Promise<Credentials> =>
		stsIssuer({ client: stsClient({ endpoint, region, credentials: keys }), rolePrefix }).issue(request);

	return {
		/** As administrator: puts entries where entries stand, without any condition. */
		overwrite: async (...entries: StoredEntry[]): Promise<void> => {
			for (const entry of entries) await admin.send(new PutItemCommand({ TableName, Item: entryItem(entry) }));
		},
		/** As administrator: takes entries away. */
		remove: async (run: string, ...places: number[]): Promise<void> => {
			for (const place of places)
				await admin.send(new DeleteItemCommand({ TableName, Key: { pk: { S: chainKey(run) }, sk: sortKey(place) } }));
		},
		/** As a guard that was taken over: with the keys in its process's environment. */
		asGuard: (tool: string, request: SessionRequest): Promise<Credentials> =>
			assume(keysOfProcess(group, guardFunction('refund-desk', tool)), request),
		/** As a guard whose code was replaced: its session may do more than it records. Answers the session's access key. */
		asReplacedGuard: async (tool: string, asking: object): Promise<string> => {
			const env = environmentOf(group, guardFunction('refund-desk', tool));
			const { stdout } = await promisify(execFile)(process.execPath, [replacedGuard, JSON.stringify(asking)], { env });
			return stdout;
		},
		/** As a user of the attacker's own, whom an administrator has made the role trust. */
		asOutsider: async (request: SessionRequest): Promise<Credentials> => {
			const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
			const outsider = await person('outsider', [{ actions: Action, resource: '*' }], { endpoint, region, root: people.root });
			const RoleName = `${outputs.NamePrefix}${request.role}`;
			const before = decodeURIComponent(inXml(await iam('GetRole', { RoleName }), 'AssumeRolePolicyDocument') ?? '');
			const policy = JSON.parse(before) as { Statement: unknown[] };
			const Principal = { AWS: `arn:aws:iam::${account}:user/outsider` };
			const wider = { ...policy, Statement: [...policy.Statement, { Effect: 'Allow', Action, Principal }] };
			await iam('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: JSON.stringify(wider) });
			const issued = await assume(outsider, request);
			await iam('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: before });
			return issued;
		},
		/** With a session: a call that AWS refuses nobody. */
		whoAmI: async (credentials: Keys, of = region): Promise<void> =>
			void (await new STSClient({ endpoint, region: of, credentials }).send(new GetCallerIdentityCommand({}))),
		/** With a session: encrypts under a key of the attacker's own, whose policy lets in that very session. */
		encrypt: async (session: Held, sessionName: string): Promise<void> => {
			const arn = `arn:aws:sts::${account}:assumed-role/${session.roleArn.replace(/^.*\//, '')}/${sessionName}`;
			const allow = (AWS: string, Action: string) => ({ Effect: 'Allow', Principal: { AWS }, Action, Resource: '*' });
			const Statement = [allow(`arn:aws:iam::${account}:root`, 'kms:*'), allow(arn, 'kms:Encrypt')];
			const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
			const { KeyMetadata } = JSON.parse(await kms('CreateKey', { Policy }, people.root)) as { KeyMetadata: { Arn: string } };
			await kms('Encrypt', { KeyId: KeyMetadata.Arn, Plaintext: Buffer.from('taken').toString('base64') }, session);
		},
		/** With a session's token: asks a service outside for something. */
		post: async (service: 'CARRIER_URL' | 'MAIL_URL', path: string, body: unknown, { sessionToken }: Held | Credentials): Promise<void> => {
			const headers = { 'content-type': 'application/json', [SESSION_HEADER]: sessionToken };
			const answer = await fetch(new URL(path, settings[service]), { method: 'POST', headers, body: JSON.stringify(body) });
			if (answer.status !== 201) throw new Error(`${service}${path}: ${answer.status} ${await answer.text()}`);
		},
	};
}

function keysOfProcess(group: number, functionName: string): Keys {
	const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = environmentOf(group, functionName);
	return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
}

/** Of the process that serves a function, as whoever is in there sees it. */
function environmentOf(group: number, functionName: string): Record<string, string> {
	const worker = workersOf(group).find(({ name }) => name === functionName);
	if (!worker) throw new Error(`no process of ${functionName} runs`);
	const lines = readFileSync(`/proc/${worker.pid}/environ`, 'utf8').split('\0');
	return Object.fromEntries(lines.filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
