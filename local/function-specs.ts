/** The functions of one machine, as its pool knows them: which process serves each, how long it may take, what it may reach. */
import { guardFunction, intakeFunction, planFunction, resumeFunction, roleKinds, roleName, toolFunction } from '../core/ids.ts';
import type { Directory } from './directory.ts';
import type { LoadedAgent } from './load-agent.ts';
import type { FunctionSpec } from './pool.ts';

export const resumeSpec = (directory: Directory, marginMs: number): FunctionSpec => ({
	sandbox: { name: resumeFunction, kind: 'resume', ledger: ledgerOf(directory), settings: [], marginMs },
	timeoutMs: 30_000,
	calls: [],
});

const ledgerOf = (directory: Directory) => ({ directory: directory.path, generation: directory.generation });

/**
 * An agent's functions: its planner, the intake of one that has none, and for each tool the tool and its guard. A tool
 * has no way to the ledger but its guard.
 */
export function functionsOf({ agent, folder }: LoadedAgent, directory: Directory, marginMs: number): [string, FunctionSpec][] {
	const common = { agentFolder: folder, settings: agent.settings, marginMs };
	const plan = planFunction(agent.name);
	const planSpec: FunctionSpec = {
		sandbox: { ...common, name: plan, kind: 'plan', ledger: ledgerOf(directory) },
		timeoutMs: agent.plannerTimeoutSeconds * 1000,
		calls: [],
	};
	const intake = intakeFunction(agent.name);
	const intakeSpec: FunctionSpec = {
		sandbox: { ...common, settings: [], name: intake, kind: 'intake', ledger: ledgerOf(directory) },
		timeoutMs: 30_000,
		calls: [],
	};
	const tools = [...agent.tools.values()].flatMap((tool): [string, FunctionSpec][] => {
		const name = toolFunction(agent.name, tool.name);
		const guard = guardFunction(agent.name, tool.name);
		return [
			[name, { sandbox: { ...common, name, kind: 'tool', tool: tool.name }, timeoutMs: tool.timeoutSeconds * 1000, calls: [guard] }],
			[
				guard,
				{
					sandbox: { ...common, settings: [], name: guard, kind: 'guard', tool: tool.name, ledger: ledgerOf(directory) },
					timeoutMs: 30_000,
					calls: [],
					roles: roleKinds.map((kind) => roleName(agent.name, tool.name, kind)),
				},
			],
		];
	});
	return [[plan, planSpec], ...(agent.planner ? [] : [[intake, intakeSpec] satisfies [string, FunctionSpec]]), ...tools];
}
