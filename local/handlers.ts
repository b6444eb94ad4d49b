/** The functions, wired for one machine: the same logic and the same middleware as anywhere, over SQLite and the local issuer. */
import type { Store } from '../core/ledger/read.ts';
import type { Clock, Credentials, Issuer, Randomness } from '../core/ports.ts';
import type { HandlerSurroundings } from '../functions/middleware/runtime.ts';
import { settingsOf } from '../functions/settings.ts';
import { loadAgent } from './load-agent.ts';
import type { SandboxSpec } from './messages.ts';
import type { Asking, LambdaHandler } from './sandbox.ts';

export type SandboxSurroundings = HandlerSurroundings & { readonly ask: Asking; readonly clock: Clock; readonly randomness: Randomness };

/** Builds the one handler that a sandbox serves, and loads nothing that it does not need. */
export async function buildHandler(spec: SandboxSpec, around: SandboxSurroundings): Promise<LambdaHandler> {
	switch (spec.kind) {
		case 'resume': {
			const { resumeHandler } = await import('../functions/resume/handler.ts');
			return resumeHandler({ ...(await ledgerOf(spec, around)), ...around, by: 'function:resume' }) as LambdaHandler;
		}
		case 'plan': {
			const { planHandler } = await import('../functions/plan/handler.ts');
			const { agent } = await agentOf(spec);
			return planHandler({ ...(await ledgerOf(spec, around)), ...around, agent, settings: settingsOf(spec) }) as LambdaHandler;
		}
		case 'intake': {
			const { intakeHandler } = await import('../functions/intake/handler.ts');
			const { agent } = await agentOf(spec);
			return intakeHandler({ ...(await ledgerOf(spec, around)), ...around, agent }) as LambdaHandler;
		}
		case 'guard': {
			const { guardHandler } = await import('../functions/guard/handler.ts');
			const { cedarPolicies } = await import('../adapters/cedar/cedar-policies.ts');
			const { agent } = await agentOf(spec);
			const policies = cedarPolicies({ agent });
			const own = { tool: spec.tool ?? '', issuer: askIssuer(around.ask), marginMs: spec.marginMs };
			return guardHandler({ ...(await ledgerOf(spec, around)), ...around, agent, policies, ...own }) as LambdaHandler;
		}
		case 'tool': {
			const { toolHandler } = await import('../functions/tool/handler.ts');
			const { guardAnswer } = await import('../functions/guard/protocol.ts');
			const { agent } = await agentOf(spec);
			const tool = agent.tools.get(spec.tool ?? '');
			if (!tool) throw new Error(`agent ${agent.name} has no tool ${spec.tool}`);
			const guard = async (request: unknown) => guardAnswer.parse(await around.ask(request));
			return toolHandler({ ...around, tool, guard, settings: settingsOf(spec) }) as LambdaHandler;
		}
	}
}

async function ledgerOf(spec: SandboxSpec, { clock, randomness }: SandboxSurroundings) {
	if (!spec.ledger) throw new Error(`${spec.name} has no ledger`);
	const { openSqliteStore } = await import('../adapters/sqlite/store.ts');
	const { createReader } = await import('../core/ledger/read.ts');
	const { ledger, claims, keys, payloads } = openSqliteStore({ ...spec.ledger, expect: 'existing' });
	const store: Store = { ledger, claims, keys, payloads, clock, randomness };
	return { store, reader: createReader(store) };
}

const agentOf = (spec: SandboxSpec) => loadAgent(spec.agentFolder ?? '');

const askIssuer = (ask: Asking): Issuer => ({ issue: async (request) => (await ask(request)) as Credentials });
