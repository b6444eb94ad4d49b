/** Ports for servers that tests start, and start again at the same address. */
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
/** Below the ports that systems give to outgoing connections: until a server is up, and while it is down, nobody else gets its own. */
const PORTS = { from: 12_000, to: 32_000 };
const PORTS_TRIED = 200;

/** A port that was free a moment ago, and none of `taken`. */
export async function freePort(taken: readonly number[] = []): Promise<number> {
	for (let tried = 0; tried < PORTS_TRIED; tried += 1) {
		const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
		if (!taken.includes(port) && (await isFree(port))) return port;
	}
	throw new Error(`no port between ${PORTS.from} and ${PORTS.to} seems to be free`);
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const open = once(server, 'listening').then(
		() => true,
		() => false,
	);
	server.listen(port, HOST);
	const free = await open;
	if (free) await new Promise((closed) => server.close(closed));
	return free;
}
