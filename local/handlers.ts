/** The functions, wired for one machine: the same logic and the same middleware as anywhere, over SQLite and the local issuer. */
import { cedarPolicies } from '../adapters/cedar/cedar-policies.ts';
import { openSqliteStore } from '../adapters/sqlite/store.ts';
import { createReader, type Store } from '../core/ledger/read.ts';
import type { Clock, Credentials, Issuer, Randomness } from '../core/ports.ts';
import { guardHandler } from '../functions/guard/handler.ts';
import { guardAnswer } from '../functions/guard/protocol.ts';
import type { HandlerSurroundings } from '../functions/middleware/runtime.ts';
import { planHandler } from '../functions/plan/handler.ts';
import { resumeHandler } from '../functions/resume/handler.ts';
import { toolHandler } from '../functions/tool/handler.ts';
import { loadAgent } from './load-agent.ts';
import type { SandboxSpec } from './messages.ts';
import type { Asking, LambdaHandler } from './sandbox.ts';

export type SandboxSurroundings = HandlerSurroundings & { readonly ask: Asking; readonly clock: Clock; readonly randomness: Randomness };

/** Builds the one handler that a sandbox serves. */
export async function buildHandler(spec: SandboxSpec, around: SandboxSurroundings): Promise<LambdaHandler> {
	switch (spec.kind) {
		case 'resume':
			return resumeHandler({ ...ledgerOf(spec, around), ...around, by: 'function:resume' }) as LambdaHandler;
		case 'plan': {
			const { agent } = await agentOf(spec);
			const policies = cedarPolicies({ agent });
			return planHandler({
				...ledgerOf(spec, around),
				...around,
				agent,
				policies,
				marginMs: spec.marginMs,
				settings: settingsOf(spec),
			}) as LambdaHandler;
		}
		case 'guard': {
			const { agent } = await agentOf(spec);
			const policies = cedarPolicies({ agent });
			const tool = spec.tool ?? '';
			return guardHandler({
				...ledgerOf(spec, around),
				...around,
				agent,
				policies,
				marginMs: spec.marginMs,
				tool,
				issuer: askIssuer(around.ask),
			}) as LambdaHandler;
		}
		case 'tool': {
			const { agent } = await agentOf(spec);
			const tool = agent.tools.get(spec.tool ?? '');
			if (!tool) throw new Error(`agent ${agent.name} has no tool ${spec.tool}`);
			const guard = async (request: unknown) => guardAnswer.parse(await around.ask(request));
			return toolHandler({ ...around, tool, guard, settings: settingsOf(spec) }) as LambdaHandler;
		}
	}
}

function ledgerOf(spec: SandboxSpec, { clock, randomness }: SandboxSurroundings) {
	if (!spec.ledger) throw new Error(`${spec.name} has no ledger`);
	const { ledger, claims, keys, payloads } = openSqliteStore({ ...spec.ledger, expect: 'existing' });
	const store: Store = { ledger, claims, keys, payloads, clock, randomness };
	return { store, reader: createReader(store) };
}

const agentOf = (spec: SandboxSpec) => loadAgent(spec.agentFolder ?? '');

const settingsOf = (spec: SandboxSpec): Record<string, string> =>
	Object.fromEntries(spec.settings.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])));

const askIssuer = (ask: Asking): Issuer => ({ issue: async (request) => (await ask(request)) as Credentials });
