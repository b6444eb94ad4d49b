/** The doors of an installation that is deployed to AWS: functions behind URLs that IAM guards, and the agent's `step` machine. */
import type { SFNClientConfig } from '@aws-sdk/client-sfn';
import { MachineUnavailable, machineClient, machineExecutions } from '../adapters/stepfunctions/executions.ts';
import { pascal } from '../core/ids.ts';
import { type Client, type ClientOptions, clientOver } from './client.ts';
import { type Asked, type Door, DoorClosed, type Doors } from './doors.ts';
import { signedPost } from './signed-post.ts';

export type ThroughlineClientOptions = ClientOptions & {
	/** The URLs that the deployment printed: of the agent's own functions, and the one that closes runs. */
	readonly urls: Readonly<Record<Door, string>>;
	/** ARN of the agent's own `step` machine. */
	readonly stepMachine: string;
	/** All three from the environment unless they are given, as for any client of the AWS SDK. */
	readonly region?: SFNClientConfig['region'];
	readonly credentials?: SFNClientConfig['credentials'];
	/** Where Step Functions answers, if not at AWS. */
	readonly endpoint?: string;
};

/**
 * A client of one agent of a deployment.
 *
 * @example const desk = throughlineClient(deployedAt(outputs, 'stock-room'));
 * @see docs/agents-from-anywhere.md
 */
export function throughlineClient({ onEvent, ...options }: ThroughlineClientOptions): Client {
	return clientOver(awsDoors(options), onEvent ? { onEvent } : {});
}

export function awsDoors({ urls, stepMachine, region, credentials, endpoint }: Omit<ThroughlineClientOptions, 'onEvent'>): Doors {
	const client = machineClient({ ...(region && { region }), ...(credentials && { credentials }), ...(endpoint && { endpoint }) });
	const executions = machineExecutions({ client, arns: { step: stepMachine } });
	return {
		ask: <D extends Door>(door: D, event: Asked[D], signal: AbortSignal) => signedPost({ client, url: urls[door], body: event, signal }),
		start: (name, input) => orClosed(() => executions.start('step', { name, input })),
		isRunning: (name) => orClosed(() => executions.isRunning('step', name)),
	};
}

/** What no further try will change. Everything else passes: a throttled request, a service that is away, a lost answer. */
const final = new Set([
	'AccessDeniedException',
	'CredentialsProviderError',
	'ExpiredTokenException',
	'InvalidArn',
	'InvalidExecutionInput',
	'InvalidName',
	'InvalidSignatureException',
	'MissingAuthenticationTokenException',
	'StateMachineDoesNotExist',
	'UnrecognizedClientException',
	'ValidationException',
]);

async function orClosed<T>(ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (error) {
		const cause = error instanceof MachineUnavailable ? error.cause : error;
		if (!(cause instanceof Error) || !final.has(cause.name)) throw error;
		throw new DoorClosed(`the step machine can't be used: ${cause.name}: ${cause.message}`, { cause });
	}
}

/**
 * Where an agent is deployed, from the stacks' outputs as `npx cdk deploy --all --outputs-file` writes them.
 *
 * @throws TypeError naming the output that is missing
 */
export function deployedAt(
	outputs: Readonly<Record<string, Readonly<Record<string, string>>>>,
	agent: string,
): Pick<ThroughlineClientOptions, 'urls' | 'stepMachine'> {
	const all: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(outputs));
	const of = (name: string): string => {
		const value = all[name];
		if (value === undefined) throw new TypeError(`the deployment has no output ${name}; is ${agent} deployed, and has it no planner?`);
		return value;
	};
	const own = pascal(agent);
	const urls = { open: of(`OpenUrl${own}`), intake: of(`IntakeUrl${own}`), status: of(`StatusUrl${own}`), close: of('CloseUrl') };
	return { urls, stepMachine: of(`StepMachine${own}`) };
}
