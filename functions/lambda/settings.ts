import type { Agent } from '../../core/agent/agent.ts';

/** The settings that `agent` declares by name, as far as they are set. */
export const settingsOf = (agent: Agent): Record<string, string> =>
	Object.fromEntries(agent.settings.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])));
