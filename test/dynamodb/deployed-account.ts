/**
 * An account with a deployment in it, as far as a command line sees one: DynamoDB is DynamoDB Local, the functions behind URLs are
 * those that Lambda loads, and Step Functions runs the shipped definitions over the shipped functions, all in this process.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { tableGeneration } from '../../adapters/dynamodb/generation.ts';
import { dynamoLedger } from '../../adapters/dynamodb/ledger.ts';
import { dynamoStore } from '../../adapters/dynamodb/store.ts';
import { realNames } from '../../adapters/dynamodb/tables.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { machineNames } from '../../core/ids.ts';
import type { Policies } from '../../core/ports.ts';
import type { LambdaHandler } from '../../functions/lambda/surroundings.ts';
import { install } from '../doubles/driver.ts';
import { crossed } from '../doubles/mortal.ts';
import { confirmed, here, localClient, localOptions } from './local-store.ts';

export const ALICE = 'arn:aws:sts::111122223333:assumed-role/support/alice';
const arnOf = (machine: string) => `arn:aws:states:${here.region}:111122223333:stateMachine:throughline-dev-${machine}`;
const context = { functionName: 'f', getRemainingTimeInMillis: () => 60_000 };
const startBody = z.object({ stateMachineArn: z.string(), name: z.string(), input: z.string() });
const doors = ['open', 'intake', 'status', 'decide', 'close', 'freeze'] as const;
type Door = (typeof doors)[number];

export async function deployedAccount({ agent, policies }: { agent: Agent; policies: Policies }) {
	const options = await localOptions([...agent.tools.values()].flatMap(({ tables }) => tables));
	await confirmed(options);
	const { ledgerTable, keysTable } = options;
	const generation = await tableGeneration(options.client, ledgerTable);
	const { claims, keys, tables } = dynamoStore({ ...options, generation });
	// DynamoDB Local keeps a database for each access key: sessions that commit write as its own user here.
	const realName = realNames(options.tables, [ledgerTable, keysTable]);
	const ledger = dynamoLedger({ client: options.client, as: () => localClient(), table: ledgerTable, generation, realName });
	const desk = install({
		agent,
		policies,
		store: (memory) => ({ ...memory, ledger: crossed(ledger), claims: crossed(claims), keys: crossed(keys) }),
	});
	desk.clock.advance(Date.now() - desk.clock.now());
	/** Executions by name, and whether they are under way. */
	const executions = new Map<string, 'RUNNING' | 'SUCCEEDED' | 'FAILED'>();
	const handlers = new Map<Door, LambdaHandler>();
	/** Doors at which nobody is let in. */
	const shut = new Set<string>();
	/** Executions that a test says are under way, by their machine. */
	const underWay = new Map<string, string[]>();

	const start = ({ stateMachineArn, name, input }: z.infer<typeof startBody>): boolean => {
		// An agent that runs elsewhere has a machine of its own, of the same definition.
		const machine = z.enum(machineNames).parse(stateMachineArn.split('throughline-dev-')[1]?.replace(`-${agent.name}`, ''));
		const started = desk.start(machine, { name, run: JSON.parse(input).run, input: JSON.parse(input) });
		if (started.is === 'exists') return false;
		executions.set(name, 'RUNNING');
		void started.ended.then(({ is }) => executions.set(name, is === 'failed' ? 'FAILED' : 'SUCCEEDED'));
		desk.watch(machine, JSON.parse(input).run, started.ended);
		return true;
	};
	const stepFunctions = (target: string, body: string): [number, unknown] => {
		if (target.endsWith('StartExecution')) {
			const fresh = start(startBody.parse(JSON.parse(body)));
			return fresh ? [200, { executionArn: 'arn', startDate: 1 }] : [400, { __type: 'ExecutionAlreadyExists' }];
		}
		const status = executions.get(String(JSON.parse(body).executionArn).split(':').at(-1) ?? '');
		if (target.endsWith('DescribeExecution')) return status ? [200, { status, startDate: 1 }] : [400, { __type: 'ExecutionDoesNotExist' }];
		const names = target.endsWith('ListExecutions') ? underWay.get(z.string().parse(JSON.parse(body).stateMachineArn)) : undefined;
		const listed = { executionArn: 'arn', stateMachineArn: 'arn', status: 'RUNNING', startDate: 1 };
		return [200, { executions: (names ?? []).map((name) => ({ ...listed, name })) }];
	};
	const throughDoor = async (door: Door, request: IncomingMessage, body: string): Promise<[number, unknown]> => {
		const signature = String(request.headers.authorization);
		if (shut.has(door) || !/^AWS4-HMAC-SHA256 .*\/eu-central-1\/lambda\/aws4_request/.test(signature))
			return [403, { Message: 'Forbidden' }];
		const event = { requestContext: { http: { method: request.method }, authorizer: { iam: { userArn: ALICE } } }, body };
		const said = z.object({ statusCode: z.int(), body: z.string() }).parse(await handlers.get(door)?.(event, context));
		return [said.statusCode, JSON.parse(said.body)];
	};
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		const door = doors.find((name) => request.url === `/${name}`);
		const target = String(request.headers['x-amz-target']);
		const [status, answer] = door ? await throughDoor(door, request, body) : stepFunctions(target, body);
		response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
	});
	await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const root = mkdtempSync(join(tmpdir(), 'throughline-outputs-'));
	onTestFinished(() => {
		vi.unstubAllEnvs();
		server.closeAllConnections();
		server.close();
		options.client.destroy();
		rmSync(root, { recursive: true });
	});
	const environment = {
		AWS_REGION: here.region,
		AWS_ACCESS_KEY_ID: here.credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: here.credentials.secretAccessKey,
		AWS_ENDPOINT_URL: endpoint,
		AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
	};
	const given = {
		THROUGHLINE_LEDGER_TABLE: options.ledgerTable,
		THROUGHLINE_KEYS_TABLE: options.keysTable,
		THROUGHLINE_PAYLOAD_BUCKET: 'payloads',
		THROUGHLINE_AGENT_RUN_MACHINE: arnOf('agent-run'),
		THROUGHLINE_RECOVER_MACHINE: arnOf('recover'),
		THROUGHLINE_CODE_DIGEST: '0'.repeat(64),
		THROUGHLINE_AGENT: agent.name,
	};
	for (const [name, value] of Object.entries({ ...environment, ...given })) vi.stubEnv(name, value);
	handlers.set('open', await (await import('../../functions/open/lambda.ts')).lambda(agent));
	handlers.set('intake', await (await import('../../functions/intake/lambda.ts')).lambda(agent));
	for (const door of ['status', 'decide', 'close', 'freeze'] as const)
		handlers.set(door, await (await import(`../../functions/${door}/lambda.ts`)).lambda());

	const outputs = join(root, 'outputs.json');
	const stacks = {
		'throughline-dev-ledger': { LedgerTable: options.ledgerTable, KeysTable: options.keysTable, PayloadBucket: 'payloads' },
		'throughline-dev-runtime': {
			...Object.fromEntries(['open', 'intake', 'status'].map((door) => [`${pascal(door)}Url${pascal(agent.name)}`, `${endpoint}/${door}`])),
			DecideUrl: `${endpoint}/decide`,
			CloseUrl: `${endpoint}/close`,
			FreezeUrl: `${endpoint}/freeze`,
			AgentRunMachine: arnOf('agent-run'),
			StepMachine: arnOf('step'),
			[`StepMachine${pascal(agent.name)}`]: arnOf(`step-${agent.name}`),
			RecoverMachine: arnOf('recover'),
		},
	};
	writeFileSync(outputs, JSON.stringify(stacks));
	const file = (name: string, content: unknown): string => {
		writeFileSync(join(root, name), JSON.stringify(content));
		return join(root, name);
	};
	return { desk, environment, outputs, stacks, file, shut, underWay, tables };
}

/** As the stacks name their outputs. */
const pascal = (name: string): string => name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
