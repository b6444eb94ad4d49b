/**
 * One function in a process of its own, as Lambda would run it: one invocation at a time, nothing inherited but its
 * settings. Ends with its host: when the channel closes, so does this, and all that it has started.
 */
import { flushCompileCache } from 'node:module';
import * as z from 'zod';
import { epochMs } from '../core/ids.ts';
import type { FromSandbox, SandboxSpec, ToSandbox } from './messages.ts';
import { systemRandomness } from './randomness.ts';

process.on('disconnect', () => {
	try {
		process.kill(-process.pid, 'SIGKILL');
	} finally {
		process.exit(0);
	}
});

export type Asking = (question: unknown) => Promise<unknown>;
export type LambdaHandler = (event: unknown, context: { getRemainingTimeInMillis(): number; functionName: string }) => Promise<unknown>;

const send = (message: FromSandbox): void => {
	process.send?.(message);
};

/** Answers to come, by the id they were asked under. */
const asked = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
let lastAsked = 0;
const ask: Asking = (question) =>
	new Promise((resolve, reject) => {
		lastAsked += 1;
		asked.set(lastAsked, { resolve, reject });
		send({ is: 'ask', id: lastAsked, question });
	});

/** A sandbox ends by being killed, which keeps nothing of what has been compiled; after its first invocation that is all it needs. */
let kept = false;
const spec = readSpec();
const { buildHandler } = await import('./handlers.ts');
const handler = await buildHandler(spec, {
	ask,
	clock: { now: () => epochMs.parse(Date.now()) },
	randomness: systemRandomness,
	log: (line) => process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), function: spec.name, ...line })}\n`),
	exit: () => process.exit(70),
});

process.on('message', (message: ToSandbox) => {
	if (message.is === 'invoke') void invoke(message);
	else {
		const waiting = asked.get(message.id);
		asked.delete(message.id);
		if (message.is === 'answer') waiting?.resolve(message.answer);
		else waiting?.reject(Object.assign(new Error(message.message), { name: message.name }));
	}
});
send({ is: 'ready' });

async function invoke({ id, event, remainingMs }: Extract<ToSandbox, { is: 'invoke' }>): Promise<void> {
	const end = performance.now() + remainingMs;
	const context = { functionName: spec.name, getRemainingTimeInMillis: () => Math.max(0, end - performance.now()) };
	try {
		send({ is: 'result', id, result: await handler(event, context) });
	} catch (error) {
		const { name, message } = error instanceof Error ? error : new Error(String(error));
		send({ is: 'error', id, name, message });
	}
	if (!kept) flushCompileCache();
	kept = true;
}

function readSpec(): SandboxSpec {
	const text = process.env.THROUGHLINE_SANDBOX;
	delete process.env.THROUGHLINE_SANDBOX;
	const shape = z.object({
		name: z.string(),
		kind: z.enum(['plan', 'intake', 'tool', 'guard', 'resume']),
		agentFolder: z.string().exactOptional(),
		tool: z.string().exactOptional(),
		ledger: z.object({ directory: z.string(), generation: z.string() }).exactOptional(),
		settings: z.array(z.string()),
		marginMs: z.number(),
	});
	return shape.parse(JSON.parse(text ?? '{}'));
}
