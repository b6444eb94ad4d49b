/** The process of one service. `start.ts` forks it and talks to it; it goes when its parent goes. */
import { flushCompileCache } from 'node:module';
import * as z from 'zod';
import { HOST, listen } from './serve.ts';
import { buildService, serviceOptions } from './services.ts';

/** What a service process tells its parent, once. */
export const report = z.union([
	z.strictObject({ ready: z.strictObject({ url: z.string(), pid: z.int() }) }),
	z.strictObject({ failed: z.string() }),
]);
export type Report = z.infer<typeof report>;

if (import.meta.main) await main();

async function main(): Promise<void> {
	if (!process.send) throw new Error('this is one service of the world; start them all with world/main.ts');
	process.on('disconnect', () => process.exit(0));
	process.on('SIGTERM', () => process.exit(0));
	// Ctrl-C reaches the whole group; the parent stops us in its own order.
	process.on('SIGINT', () => {});
	const options = serviceOptions.parse(JSON.parse(process.argv[2] ?? ''));
	try {
		const { port } = await listen(buildService(options, Date.now), { name: options.service, port: options.port });
		tell({ ready: { url: `http://${HOST}:${port}`, pid: process.pid } });
		// It may end by being killed, which keeps nothing of what has been compiled.
		flushCompileCache();
	} catch (error) {
		tell({ failed: explain(error, options.port) });
	}
}

function tell(message: Report): void {
	process.send?.(message);
}

function explain(error: unknown, port: number): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'EADDRINUSE') return `port ${port} is in use: choose another with --port, or stop whoever listens on it`;
	if (code === 'EACCES') return `port ${port} may not be used by this account: choose another with --port`;
	return error instanceof Error ? error.message : String(error);
}
