/**
 * Leads the group that MiniStack and its Lambda workers run in, and ends it whole when whoever started it is gone: by
 * then its end of our standard input is closed, however it ended.
 */
import { spawn } from 'node:child_process';

const [program = '', ...words] = process.argv.slice(2);
const end = (): void => void process.kill(-process.pid, 'SIGKILL');
process.stdin.once('end', end).once('error', end).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] })
	.once('exit', end)
	.once('error', end);
