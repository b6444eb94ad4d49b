/** The agents of this repository, as data: what to deploy is what lies in `agents/`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedAgent, loadAgent } from '../../local/load-agent.ts';

const agentsFolder = fileURLToPath(new URL('../../agents/', import.meta.url));
const agentFiles = ['agent.ts', 'agent.mts', 'agent.js', 'agent.mjs'];

/** @throws Error when there is none. */
export function agentFileIn(folder: string): string {
	const file = agentFiles.map((name) => join(folder, name)).find((path) => existsSync(path));
	if (file === undefined) throw new Error(`${folder} has no ${agentFiles.join(', ')}; name the folder of an agent`);
	return file;
}

/** What an agent reads beside its code: its policies, by convention. */
export const besideOf = (folder: string): string[] => (existsSync(join(folder, 'policies')) ? ['policies'] : []);

/** Every agent under `agents/`, by name. @throws AgentBroken */
export async function loadAgents(parent: string = agentsFolder): Promise<LoadedAgent[]> {
	const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	const agents = folders
		.map(({ name }) => join(parent, name))
		.filter((folder) => agentFiles.some((file) => existsSync(join(folder, file))));
	return Promise.all(agents.toSorted().map((folder) => loadAgent(folder)));
}
