/**
 * Loading a bundle in a fresh process, against services that answer at once: what a cold start costs besides the network
 * and Lambda itself. Also shows that a bundle has all it needs: nothing is near it but its own folder.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { handlerFile } from './bundle.ts';

export type Loaded = { readonly loadMs: number; readonly exports: readonly string[] };

const LOAD_MS = 60_000;
const program = (file: string): string =>
	`const start = performance.now(); const loaded = await import(${JSON.stringify(pathToFileURL(file).href)});
	console.log(JSON.stringify({ loadMs: performance.now() - start, exports: Object.keys(loaded) })); process.exit(0);`;

/** @throws Error with what the process said, when the bundle does not load. */
export async function loadBundle(folder: string, variables: Readonly<Record<string, string>>): Promise<Loaded> {
	// Stands for DynamoDB, which every function but a tool's asks for the generation of the ledger's table, and whether it is confirmed.
	const service = createServer((_request, response) =>
		response
			.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
			.end(JSON.stringify({ Table: { TableId: 'generation' }, Items: [{ pk: { S: 'generation#generation' } }] })),
	);
	await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
	const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
	try {
		return await run(program(join(folder, handlerFile)), {
			...variables,
			AWS_REGION: 'eu-central-1',
			AWS_ENDPOINT_URL: endpoint,
			AWS_ACCESS_KEY_ID: 'local',
			AWS_SECRET_ACCESS_KEY: 'local',
		});
	} finally {
		service.closeAllConnections();
		service.close();
	}
}

function run(code: string, env: Record<string, string>): Promise<Loaded> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: '/', env, timeout: LOAD_MS });
		let [said, complained] = ['', ''];
		child.stdout.on('data', (data) => (said += data));
		child.stderr.on('data', (data) => (complained += data));
		child.on('error', reject);
		child.on('close', (ended) => {
			if (ended === 0) resolve(JSON.parse(said) as Loaded);
			else reject(new Error(`the bundle does not load: ${complained.slice(-2_000)}`));
		});
	});
}

/** Variables of every kind, with which any bundle of an agent that has `tool` loads. */
export const anyVariables = (tool: string): Record<string, string> => ({
	THROUGHLINE_LEDGER_TABLE: 'ledger',
	THROUGHLINE_KEYS_TABLE: 'keys',
	THROUGHLINE_PAYLOAD_BUCKET: 'payloads',
	THROUGHLINE_AGENT: 'agent',
	THROUGHLINE_TOOL: tool,
	THROUGHLINE_ROLE_PREFIX: 'arn:aws:iam::111122223333:role/throughline-dev-',
	THROUGHLINE_MARGIN_MS: '5000',
	THROUGHLINE_TOOL_SECONDS: '10',
	THROUGHLINE_TABLES: '{}',
	THROUGHLINE_COMMIT_ACCESS: '[]',
	THROUGHLINE_GUARD_FUNCTION: 'guard',
	THROUGHLINE_AGENT_RUN_MACHINE: 'agent-run',
	THROUGHLINE_STEP_MACHINES: '["step"]',
	THROUGHLINE_RECOVER_MACHINE: 'recover',
	THROUGHLINE_CODE_DIGEST: 'digest',
	THROUGHLINE_ARCHIVE_BUCKET: 'archive',
	THROUGHLINE_FINDINGS_TABLE: 'findings',
	THROUGHLINE_CLOSED_QUEUES: '{}',
	THROUGHLINE_WITNESSES_TABLE: 'witnesses',
	THROUGHLINE_POISON_QUEUE: 'https://sqs.eu-central-1.amazonaws.com/111122223333/poison',
	THROUGHLINE_LEDGER_ARN: 'arn:aws:dynamodb:eu-central-1:111122223333:table/ledger',
	THROUGHLINE_CARRIERS: '[]',
	THROUGHLINE_WATCHED: '[]',
	THROUGHLINE_REGIONS: '["eu-central-1"]',
	THROUGHLINE_RECONCILE_DELAY_SECONDS: '1200',
	THROUGHLINE_TRAIL_BUCKET: 'trail',
	THROUGHLINE_TRAIL_NAME: 'throughline',
	THROUGHLINE_TRAIL_PREFIX: '',
	THROUGHLINE_TRAIL_REGIONS: '["eu-central-1"]',
	THROUGHLINE_ACCOUNT: '111122223333',
});
