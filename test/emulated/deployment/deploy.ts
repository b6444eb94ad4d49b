/** Bootstrap and deployment by CDK's own command line, as a person would. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { ACCOUNT, REGION, root } from '../account/ministack.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const app = 'node test/emulated/deployment/app.ts';
const SAID_CHARACTERS = 4_000;

const outputs = z.record(z.string(), z.record(z.string(), z.string()));
export type Outputs = Readonly<Record<string, string>>;
export type Deploying = {
	readonly endpoint: string;
	readonly directory: string;
	/** What the agents get of their settings. */
	readonly settings: Readonly<Record<string, string>>;
	/** A folder of agents other than the repository's. */
	readonly agents?: string;
	/** A deployment beside the first, by its name. */
	readonly stage?: string;
};

/** From a directory without an app, so that none is synthesized for it. */
export const bootstrap = (deploying: Deploying): Promise<void> =>
	cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], deploying, deploying.directory);

/** Answers the folder of the assembly. */
export async function synthesize(deploying: Deploying): Promise<string> {
	const assembly = join(deploying.directory, `cdk.out-${randomUUID()}`);
	const stage = deploying.stage === undefined ? [] : ['--context', `stage=${deploying.stage}`];
	// Here events come within a second or two.
	const delay = ['--context', 'reconcileDelaySeconds=5'];
	await cdk(['synth', '--quiet', '--app', app, '--output', assembly, ...stage, ...delay], deploying);
	return assembly;
}

/** What both stacks print. @throws Error with the end of what CDK said. */
export async function deploy(deploying: Deploying, assembly: string): Promise<Outputs> {
	const file = join(deploying.directory, `outputs-${randomUUID()}.json`);
	await cdk(['deploy', '--all', '--require-approval', 'never', '--app', assembly, '--outputs-file', file], deploying);
	const read = outputs.parse(JSON.parse(readFileSync(file, 'utf8')));
	const all = Object.assign({}, ...Object.values(read)) as Outputs;
	await confirmed(all, deploying);
	return all;
}

/** One stack alone, by its name in the app; the others stay as they are. */
export const deployOnly = (stack: 'Audit', deploying: Deploying, assembly: string): Promise<void> =>
	cdk(['deploy', stack, '--exclusively', '--require-approval', 'never', '--app', assembly], deploying);

/** What the archive's schedule does within a minute: nobody opens a table that it has not confirmed. */
async function confirmed({ NamePrefix = '' }: Outputs, { endpoint }: Deploying): Promise<void> {
	const client = new LambdaClient({ endpoint, region: REGION, credentials: root });
	const { Payload, FunctionError } = await client.send(new InvokeCommand({ FunctionName: `${NamePrefix}archive`, Payload: '{}' }));
	client.destroy();
	const said = Payload?.transformToString() ?? '';
	if (FunctionError !== undefined || !said.includes('"confirmed')) throw new Error(`the archive has not confirmed the ledger: ${said}`);
}

async function cdk(words: string[], { endpoint, directory, settings, agents }: Deploying, cwd: string = project): Promise<void> {
	const home = join(directory, 'home');
	mkdirSync(home, { recursive: true });
	const child = spawn(join(project, 'node_modules/.bin/cdk'), [...words, '--no-notices', '--ci'], {
		cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			PATH: [join(project, 'node_modules/.bin'), process.env.PATH].join(':'),
			// Nothing of the caller's: neither credentials nor what CDK keeps between runs.
			HOME: home,
			AWS_ENDPOINT_URL: endpoint,
			AWS_REGION: REGION,
			AWS_ACCESS_KEY_ID: root.accessKeyId,
			AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
			CDK_DISABLE_VERSION_CHECK: '1',
			CDK_DISABLE_CLI_TELEMETRY: 'true',
			...settings,
			...(agents !== undefined && { EMULATED_AGENTS: agents }),
		},
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said = `${said}${part}`.slice(-SAID_CHARACTERS)));
	const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
	if (code !== 0) throw new Error(`cdk ${words[0]} ended with ${code}: ${said}`);
}
