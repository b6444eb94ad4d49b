/** Executions of state machines by name: a name is taken once, and stays taken for 90 days after its execution ended. */
import {
	DescribeExecutionCommand,
	ExecutionAlreadyExists,
	ExecutionDoesNotExist,
	ListExecutionsCommand,
	SFNClient,
	type SFNClientConfig,
	StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { MachineName } from '../../core/ids.ts';
import type { Executions } from '../../core/ports.ts';

const ATTEMPTS = 3;
const CONNECT_MS = 1_000;
const ANSWER_MS = 5_000;
const PAGE = 1_000;
const PAGES = 20;

/** The state machine was not reached, or may not be started. */
export class MachineUnavailable extends Error {
	override name = 'MachineUnavailable';
}

/** A client for `machineExecutions`. Region, endpoint and credentials come from the environment unless `config` has them. */
export function machineClient(config: Pick<SFNClientConfig, 'region' | 'endpoint' | 'credentials'> = {}): SFNClient {
	return new SFNClient({
		...config,
		maxAttempts: ATTEMPTS,
		requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
	});
}

/**
 * `arns` has those that this function may start or look at. Where several machines have one definition it has a list, of which the first
 * is started and all are looked through for what is running. @throws MachineUnavailable
 */
export function machineExecutions({
	client,
	arns,
}: {
	client: SFNClient;
	arns: Partial<Record<MachineName, string | readonly string[]>>;
}): Executions {
	const arnsOf = (machine: MachineName): readonly string[] => [arns[machine] ?? []].flat();
	const arnOf = (machine: MachineName): string => {
		const [arn] = arnsOf(machine);
		if (arn === undefined) throw new MachineUnavailable(`${machine} is not named in this function's environment; deploy it anew`);
		return arn;
	};
	return {
		start: async (machine, { name, input }) => {
			try {
				// The same name and input while it runs is answered like a start: nothing tells the two apart, and nothing needs to.
				await client.send(new StartExecutionCommand({ stateMachineArn: arnOf(machine), name, input: JSON.stringify(input) }));
				return 'started';
			} catch (error) {
				if (error instanceof ExecutionAlreadyExists) return 'exists';
				throw unavailable(machine, error);
			}
		},
		isRunning: async (machine, name) => {
			const executionArn = `${arnOf(machine).replace(':stateMachine:', ':execution:')}:${name}`;
			try {
				const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
				return status === 'RUNNING' || status === 'PENDING_REDRIVE';
			} catch (error) {
				if (error instanceof ExecutionDoesNotExist) return false;
				throw unavailable(machine, error);
			}
		},
		running: async (machine) => {
			arnOf(machine);
			const names: string[] = [];
			for (const arn of arnsOf(machine)) names.push(...(await namesUnderWay(client, { machine, arn })));
			return names;
		},
	};
}

async function namesUnderWay(client: SFNClient, { machine, arn }: { machine: MachineName; arn: string }): Promise<string[]> {
	const names: string[] = [];
	let nextToken: string | undefined;
	for (let page = 0; page < PAGES; page += 1) {
		const query = { stateMachineArn: arn, statusFilter: 'RUNNING' as const, maxResults: PAGE };
		const answer = await client.send(new ListExecutionsCommand({ ...query, nextToken })).catch((error: unknown) => {
			throw unavailable(machine, error);
		});
		names.push(...(answer.executions ?? []).flatMap(({ name }) => name ?? []));
		nextToken = answer.nextToken;
		if (nextToken === undefined) return names;
	}
	throw new MachineUnavailable(`${machine} has more than ${PAGES * PAGE} executions under way; sweep again when there are fewer`);
}

const unavailable = (machine: MachineName, error: unknown): MachineUnavailable =>
	error instanceof MachineUnavailable
		? error
		: new MachineUnavailable(`${machine} could not be asked: ${error instanceof Error ? error.name : String(error)}. Try again`, {
				cause: error,
			});
