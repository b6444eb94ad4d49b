/** `npm run smoke` as it stands in the README, against a deployment, and against one that does not work. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import stockRoom from '../../agents/stock-room/agent.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { asked } from '../e2e/command.ts';
import { deployedAccount } from './deployed-account.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

async function smoke(agent: Agent) {
	const account = await deployedAccount({ agent, policies: cedarPolicies({ agent }) });
	const { environment, outputs } = account;
	const said = await new Promise<{ code: number; stdout: string }>((resolve) =>
		execFile(
			'npm',
			['run', '-s', 'smoke', '--', '--outputs', outputs],
			{ cwd: repository, env: { ...process.env, ...environment } },
			(error, stdout) => resolve({ code: Number(error?.code ?? 0), stdout }),
		),
	);
	return { ...account, ...said, lines: said.stdout.trim().split('\n') };
}

test('everything is as it should be, and one delivery is booked', { timeout: 120_000 }, async () => {
	const { code, stdout, lines, tables, environment, outputs } = await smoke(stockRoom);
	expect(lines.filter((line) => line.startsWith('ok'))).toHaveLength(6);
	expect(stdout).not.toContain('FAILED');
	expect(code).toBe(0);
	expect(await tables.get('stock', 'smoke')).toEqual({ quantity: 1 });
	const run = /status (smoke-\w+)/.exec(stdout)?.[1] ?? '';
	expect(await asked(['status', run, '--outputs', outputs], { environment })).toMatchObject({
		code: 0,
		json: {
			status: 'stopped',
			done: [
				{ step: 1, outcome: 'done' },
				{ step: 2, outcome: 'denied' },
			],
			allowed: [{ tool: 'stock.receive', verdict: 'deny' }],
		},
	});
});

test('control: a deployment whose policies forbid everything fails it', { timeout: 120_000 }, async () => {
	const { code, stdout } = await smoke({ ...stockRoom, policies: {} });
	expect(stdout).toMatch(/FAILED {2}a call is decided, granted, committed and told .*: denied, not done/);
	expect(code).toBe(1);
});
