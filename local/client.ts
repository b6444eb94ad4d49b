/**
 * The client of an agent that runs anywhere, for the embedded target: the same calls into the same functions and the same
 * state machine, in a host of its own that ends with this process.
 */
import { userInfo } from 'node:os';
import { type Client, type ClientOptions, clientOver } from '../client/client.ts';
import { type Door, DoorRefused, type Doors, finalErrors } from '../client/doors.ts';
import { closeHandler } from '../functions/close/handler.ts';
import { intakeHandler } from '../functions/intake/handler.ts';
import { openEvent } from '../functions/open/handler.ts';
import { statusHandler } from '../functions/status/handler.ts';
import { createHost, type Host, type HostOptions } from './host.ts';
import type { LoadedAgent } from './load-agent.ts';

export type LocalClientOptions = ClientOptions & {
	/** The state directory. */
	readonly directory: string;
	/** A name in `agents/`, or a folder with an agent file. */
	readonly agent: string;
	/** Who opens and closes runs, in the record; this machine's user by default. */
	readonly by?: string;
	/** What the agent's tools get of their declared settings; the process environment by default. */
	readonly environment?: HostOptions['environment'];
};
export type LocalClient = Client & {
	readonly host: Host;
	/** Lets what is under way end, bounded, and ends the processes. */
	end(): Promise<void>;
};

/**
 * A client of one agent on this machine. What hosts that were killed have left in `directory` is ended first.
 *
 * @throws AgentNotFound, AgentBroken, DirectoryUnusable
 */
export async function localClient({ directory, agent, by = nameOfUser(), environment, onEvent }: LocalClientOptions): Promise<LocalClient> {
	const host = createHost({ directory, ...(environment && { environment }) });
	try {
		const doors = localDoors(host, await host.agent(agent), by);
		return { ...clientOver(doors, onEvent ? { onEvent } : {}), host, end: () => host.close() };
	} catch (error) {
		await host.close();
		throw error;
	}
}

const nameOfUser = (): string => `local:${userInfo().username.replaceAll(/[^\w+=,.@-]/g, '') || 'somebody'}`;

type Handler = (event: unknown, context: { functionName: string; getRemainingTimeInMillis(): number }) => Promise<unknown>;
const CONTEXT = { functionName: 'local', getRemainingTimeInMillis: () => 30_000 };

/** The functions of one agent over this host's ledger, with the middleware they have everywhere. */
export function localDoors(host: Host, loaded: LoadedAgent, by: string): Doors {
	const { store, reader } = host;
	const { agent } = loaded;
	const around = { store, reader, agent, log: () => {}, exit: () => {}, callerOf: () => by };
	const handlers: Record<Exclude<Door, 'open' | 'close'>, Handler> = {
		intake: intakeHandler(around) as Handler,
		status: statusHandler({ ...around, agent: agent.name }) as Handler,
	};
	const closing = closeHandler(around) as unknown as Handler;
	const ask = async (door: Door, event: unknown): Promise<unknown> => {
		if (door === 'open') return host.open(loaded, { ...openEvent.parse(event), by });
		if (door !== 'close') return handlers[door](event, CONTEXT);
		const answer = (await closing(event, CONTEXT)) as { is: string; stillOpen?: number[] };
		// What is still open is settled, and nobody waits for that.
		if (answer.stillOpen && answer.stillOpen.length > 0) void host.recover((event as { run: string }).run, 'answer').catch(() => {});
		return answer;
	};
	return {
		// What goes in and comes out is JSON here too.
		ask: async (door, event) => asJson(await orRefused(() => ask(door, asJson(event)))),
		start: (name, step) => host.startStep(name, step),
		isRunning: async (name) => host.isUnderWay(name),
	};
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** Here nothing parses an event before it is asked, so that a malformed one says so itself. */
const isFinal = ({ name }: Error): boolean => finalErrors.has(name) || name === 'ZodError';

async function orRefused(ask: () => Promise<unknown>): Promise<unknown> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof Error && isFinal(error)) throw new DoorRefused(`${error.name}: ${error.message}`);
		throw error;
	}
}
