/**
 * A deployment as a client sees it: functions behind signed URLs and a state machine, over HTTP on this machine. Behind that
 * are the functions and the definition that are deployed, over ports in memory; in front, whatever a network does to a request.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Client, type ClientEvent, throughlineClient } from '../../client/index.ts';
import { closeHandler } from '../../functions/close/handler.ts';
import { callerOf, overUrl, type UrlAnswer } from '../../functions/lambda/function-url.ts';
import type { LambdaHandler } from '../../functions/lambda/surroundings.ts';
import { openHandler } from '../../functions/open/handler.ts';
import type { Installation } from '../doubles/driver.ts';
import { signedBy } from '../doubles/signature.ts';

const SECRET = 'a secret that only this test has';
const CALLER = 'arn:aws:sts::111122223333:assumed-role/stock-room/agent';
const arnOf = (kind: string): string => `arn:aws:states:eu-central-1:111122223333:${kind}:step`;
const context = { functionName: 'over-http', getRemainingTimeInMillis: () => 30_000 };

/** `lost-…`: the connection ends before, or after, what was asked is done. `html`: somebody else answers. `half`: an answer that breaks off. */
export type Trouble = 'lost-before' | 'lost-after' | 'throttled' | 'away' | 'html' | 'half';
/** What was asked: a door, or an action of the state machine. */
export type Request = 'open' | 'intake' | 'status' | 'close' | 'StartExecution' | 'DescribeExecution';
export type OverHttp = Awaited<ReturnType<typeof overHttp>>;

export async function overHttp(desk: Installation) {
	const handlers = handlersOf(desk);
	/** Told of each request before it is served and after that, by its number from 1. */
	const watching: { tell: (when: 'before' | 'after', n: number) => void } = { tell: () => {} };
	const asked: Request[] = [];
	const troubles = new Map<Request, Trouble[]>();
	const executions = new Map<string, string>();
	const actions = {
		StartExecution: ({ name, input }: { name: string; input: string }) => {
			if (executions.has(name)) return refusedAs('ExecutionAlreadyExists');
			executions.set(name, 'RUNNING');
			const step = JSON.parse(input) as { run: string };
			const started = desk.start('step', { name, run: step.run, input: step });
			if (started.is === 'started') void started.ended.then(({ is }) => executions.set(name, is === 'succeeded' ? 'SUCCEEDED' : 'FAILED'));
			return said({ executionArn: `${arnOf('execution')}:${name}`, startDate: 1 });
		},
		DescribeExecution: ({ executionArn }: { executionArn: string }) => {
			const status = executions.get(executionArn.split(':').at(-1) ?? '');
			if (status === undefined) return refusedAs('ExecutionDoesNotExist');
			return said({ status, executionArn, stateMachineArn: arnOf('stateMachine'), startDate: 1 });
		},
	};
	const serve = async (of: Request, body: Buffer, isSigned: boolean): Promise<Served> => {
		if (!isSigned) return { statusCode: 403, headers: {}, body: '{"Message":"Forbidden"}' };
		if (of === 'StartExecution' || of === 'DescribeExecution') return actions[of](JSON.parse(body.toString()));
		const requestContext = { http: { method: 'POST' }, authorizer: { iam: { userArn: CALLER } } };
		return (await handlers[of]({ requestContext, body: body.toString(), isBase64Encoded: false }, context)) as UrlAnswer;
	};
	const server = createServer(async (incoming, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk);
		const { method = '', url = '', headers } = incoming;
		const body = Buffer.concat(chunks);
		const target = String(headers['x-amz-target'] ?? '').split('.')[1];
		const of = (target ?? url.slice(1)) as Request;
		const n = asked.push(of);
		watching.tell('before', n);
		const isSigned = signedBy({ method, path: url, headers, body }, SECRET, target ? 'states' : 'lambda') === 'AKIATEST';
		const trouble = troubles.get(of)?.shift();
		if (trouble === 'lost-before') return void incoming.socket.destroy();
		if (trouble === 'throttled')
			return answer(response, target ? refusedAs('ThrottlingException') : { ...refusedAs('Rate'), statusCode: 429 });
		if (trouble === 'away') return answer(response, { ...refusedAs('ServiceUnavailable'), statusCode: 503 });
		if (trouble === 'html') return answer(response, { statusCode: 200, headers: {}, body: '<html>sign in</html>' });
		const served = await serve(of, body, isSigned);
		watching.tell('after', n);
		if (trouble === 'lost-after') return void incoming.socket.destroy();
		answer(response, trouble === 'half' ? { ...served, body: served.body.slice(0, served.body.length / 2) } : served);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const urls = { open: `${endpoint}/open`, intake: `${endpoint}/intake`, status: `${endpoint}/status`, close: `${endpoint}/close` };
	return {
		asked,
		watching,
		/** The names of all that were started. */
		executions,
		/** What becomes of the next requests of a kind, one after another. */
		meet: (of: Request, ...next: Trouble[]) => void troubles.set(of, next),
		/** A client of a process begun anew. */
		client: ({ secret = SECRET, onEvent }: { secret?: string; onEvent?: (event: ClientEvent) => void } = {}): Client =>
			throughlineClient({
				urls,
				stepMachine: arnOf('stateMachine'),
				endpoint,
				region: 'eu-central-1',
				credentials: { accessKeyId: 'AKIATEST', secretAccessKey: secret },
				...(onEvent && { onEvent }),
			}),
	};
}

function handlersOf(desk: Installation): Record<Exclude<Request, 'StartExecution' | 'DescribeExecution'>, LambdaHandler> {
	const around = { ...desk.operator, log: () => {}, exit: () => {}, callerOf, code: '0'.repeat(64) };
	// In processes of their own, as everything that a machine invokes.
	const invoked = (name: string): LambdaHandler => overUrl((event) => desk.invoke(`${desk.agent.name}-${name}`, event));
	return {
		open: overUrl(openHandler(around) as unknown as LambdaHandler),
		close: overUrl(closeHandler(around) as unknown as LambdaHandler),
		intake: invoked('intake'),
		status: invoked('status'),
	};
}

type Served = Pick<UrlAnswer, 'statusCode' | 'headers' | 'body'>;
const said = (body: unknown): Served => ({ statusCode: 200, headers: {}, body: JSON.stringify(body) });
const refusedAs = (type: string): Served => ({ statusCode: 400, headers: {}, body: JSON.stringify({ __type: type, message: type }) });
const answer = (response: ServerResponse, { statusCode, headers, body }: Served): void =>
	void response.writeHead(statusCode, headers).end(body);
