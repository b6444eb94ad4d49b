/** One child process that serves one function: started, given an invocation at a time, killed with all it has started. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromSandbox, SandboxSpec, ToSandbox } from './messages.ts';

/** The process ended before it answered: killed, crashed, or ended by its own middleware. */
export class SandboxEnded extends Error {
	override name = 'Runtime.ExitError';
}
/** The function took longer than it may, and was killed. */
export class SandboxTimedOut extends Error {
	override name = 'Sandbox.Timedout';
}

export type SandboxOptions = {
	readonly spec: SandboxSpec;
	/** Marks the process as this host's, for a host that takes over after a crash. */
	readonly hostId: string;
	readonly environment: Readonly<Record<string, string>>;
	/** A file descriptor that takes what the function prints. */
	readonly logFd: number;
	readonly answer: (question: unknown) => Promise<unknown>;
	readonly onEnd: () => void;
};

export type Sandbox = {
	readonly spec: SandboxSpec;
	readonly pid: number | undefined;
	/** Killed, or ended by itself: it takes no more invocations. */
	readonly hasEnded: () => boolean;
	readonly ready: Promise<void>;
	invoke(event: unknown, timeoutMs: number): Promise<unknown>;
	kill(): void;
};

/** A process that has not come up within this time never will: stopped, or its agent's code waits for something at its top level. */
const STARTING_MS = 30_000;

const entry = fileURLToPath(new URL('./sandbox.ts', import.meta.url));
const loading = new URL('./loading.ts', import.meta.url).href;
/**
 * WebAssembly, which is Cedar and the parser behind `fetch`, is optimized only after far more work than by itself: doing so costs
 * about as much as all else of a guard's start, and makes Cedar's answer faster by hundredths of a millisecond. A word of the
 * command line, since code compiled before a flag was set fits no process that sets it sooner or not at all.
 */
const optimizeLate = '--wasm-tiering-budget=1000000000';
/** By this word in its command line, a sandbox is known to belong to a host. */
export const hostMark = (hostId: string): string => `--throughline-host=${hostId}`;

export function startSandbox({ spec, hostId, environment, logFd, answer, onEnd }: SandboxOptions): Sandbox {
	const child = fork(entry, [hostMark(hostId), spec.name], {
		env: { ...environment, AWS_LAMBDA_FUNCTION_NAME: spec.name, TZ: 'UTC', THROUGHLINE_SANDBOX: JSON.stringify(spec) },
		execArgv: ['--disable-warning=ExperimentalWarning', optimizeLate, '--import', loading],
		stdio: ['ignore', logFd, logFd, 'ipc'],
		// A group of its own: killing the group ends whatever the tool has started too.
		detached: true,
	});
	let pending: { id: number; resolve: (result: unknown) => void; reject: (error: Error) => void; timer: NodeJS.Timeout } | undefined;
	let lastId = 0;
	let ended = false;
	const ready = Promise.withResolvers<void>();
	ready.promise.catch(() => {});
	const late = setTimeout(() => kill(), STARTING_MS);
	const upOrEnded = (): void => clearTimeout(late);
	ready.promise.then(upOrEnded, upOrEnded);

	const settle = (id: number): typeof pending => {
		if (pending?.id !== id) return undefined;
		const settled = pending;
		clearTimeout(settled.timer);
		pending = undefined;
		return settled;
	};
	child.on('message', (message: FromSandbox) => {
		if (message.is === 'ready') ready.resolve();
		else if (message.is === 'result') settle(message.id)?.resolve(message.result);
		else if (message.is === 'error') settle(message.id)?.reject(Object.assign(new Error(message.message), { name: message.name }));
		else void answerTo(child, message, answer);
	});
	child.once('exit', (code, signal) => {
		ended = true;
		// What it has started would act on, and its attempt is about to be judged.
		signalled(child.pid && -child.pid);
		const error = new SandboxEnded(`the process of ${spec.name} ended (${signal ?? `exit ${code}`})`);
		ready.reject(error);
		if (pending) settle(pending.id)?.reject(error);
		onEnd();
	});
	child.once('error', (error) => ready.reject(new SandboxEnded(`the process of ${spec.name} can't be started: ${error.message}`)));

	const kill = (): void => {
		ended = true;
		killGroup(child.pid);
	};
	const invoke = (event: unknown, timeoutMs: number): Promise<unknown> => {
		lastId += 1;
		const id = lastId;
		const { promise, resolve, reject } = Promise.withResolvers<unknown>();
		const timer = setTimeout(() => {
			// SIGKILL first: once the caller hears of it, nothing of this process acts any more.
			kill();
			settle(id)?.reject(new SandboxTimedOut(`${spec.name} took longer than ${timeoutMs} ms and was killed`));
		}, timeoutMs);
		pending = { id, resolve, reject, timer };
		sendTo(child, { is: 'invoke', id, event, remainingMs: timeoutMs });
		return promise;
	};
	return { spec, pid: child.pid, hasEnded: () => ended, ready: ready.promise, invoke, kill };
}

async function answerTo(child: ChildProcess, asked: Extract<FromSandbox, { is: 'ask' }>, answer: SandboxOptions['answer']): Promise<void> {
	try {
		sendTo(child, { is: 'answer', id: asked.id, answer: await answer(asked.question) });
	} catch (error) {
		const { name, message } = error instanceof Error ? error : new Error(String(error));
		sendTo(child, { is: 'refusal', id: asked.id, name, message });
	}
}

/** A message to a process that has just ended is lost with it; its exit is what counts. */
function sendTo(child: ChildProcess, message: ToSandbox): void {
	if (child.connected) child.send(message, () => {});
}

/** SIGKILL to a process and all of its group. */
export function killGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	for (const target of [-pid, pid]) signalled(target);
}

function signalled(target: number | undefined): void {
	try {
		if (target) process.kill(target, 'SIGKILL');
	} catch {
		// Ended already.
	}
}
