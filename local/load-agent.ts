/** Finding and loading an agent: by name in this repository, or any folder that has an agent file. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import type { Agent } from '../core/agent/agent.ts';
import { agentName } from '../core/ids.ts';
import './resolve-throughline.ts';

/** An agent, where its code lies, and the digest of that code and its policies for the evidence. */
export type LoadedAgent = { readonly agent: Agent; readonly folder: string; readonly code: string };

/** No such agent. The message says what there is. */
export class AgentNotFound extends Error {
	override name = 'AgentNotFound';
}
/** The folder holds something else, or its code fails while it is loaded. */
export class AgentBroken extends Error {
	override name = 'AgentBroken';
}

const agentsHere = fileURLToPath(new URL('../agents/', import.meta.url));
const agentFiles = ['agent.ts', 'agent.mts', 'agent.js', 'agent.mjs'];
const FILES_DIGESTED = 2_000;

/** @throws AgentNotFound, AgentBroken */
export async function loadAgent(nameOrFolder: string): Promise<LoadedAgent> {
	const file = findAgent(nameOrFolder);
	const folder = dirname(file);
	let loaded: { default?: unknown };
	try {
		loaded = await import(pathToFileURL(file).href);
	} catch (error) {
		throw new AgentBroken(`${file} can't be loaded: ${error instanceof Error ? error.message : String(error)}`);
	}
	const misfit = agentShape.safeParse(loaded.default).error?.issues[0];
	if (misfit) {
		const where = misfit.path.length > 0 ? ` (${misfit.path.join('.')}: ${misfit.message})` : '';
		throw new AgentBroken(`${file} has no agent as its default export${where}; export default defineAgent({ … })`);
	}
	return { agent: loaded.default as Agent, folder, code: digestOf(folder) };
}

function findAgent(nameOrFolder: string): string {
	const folders = /^[a-z][a-z0-9-]*$/.test(nameOrFolder)
		? [join(agentsHere, nameOrFolder), resolve(nameOrFolder)]
		: [resolve(nameOrFolder)];
	for (const folder of folders) {
		const file = agentFiles.map((name) => join(folder, name)).find((path) => existsSync(path));
		if (file) return file;
	}
	const names = readdirSync(agentsHere).filter((name) => existsSync(join(agentsHere, name, 'agent.ts')));
	throw new AgentNotFound(
		`there is no agent ${JSON.stringify(nameOrFolder)}: there is ${names.join(', ')}; or give a folder with an agent.ts`,
	);
}

const isAFunction = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function');
const aSchema = z.looseObject({ safeParse: isAFunction });
/** What `defineAgent` makes, as far as a default export that it did not make could miss it. Our own class of it may be another copy's. */
const agentShape = z.looseObject({
	name: agentName,
	planner: isAFunction.optional(),
	tools: z.map(
		z.string(),
		z.looseObject({ name: z.string(), effect: z.string(), input: aSchema, output: aSchema, timeoutSeconds: z.number() }),
	),
	entities: z.record(z.string(), z.record(z.string(), z.string())),
	policies: z.record(z.string(), z.string()),
	budget: z.looseObject({ steps: z.number(), turns: z.number() }),
	mode: z.enum(['enforce', 'log-only']),
	settings: z.array(z.string()),
	plannerTimeoutSeconds: z.number(),
	task: aSchema,
});

/** SHA-256 over the folder's files, names and contents, in a fixed order; dependencies are left out. */
export function digestOf(folder: string): string {
	const hash = createHash('sha256');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => !name.split('/').some((part) => part === 'node_modules' || part.startsWith('.')))
		.sort()
		.slice(0, FILES_DIGESTED);
	for (const name of files) {
		const path = join(folder, name);
		if (!statSync(path).isFile()) continue;
		const bytes = readFileSync(path);
		hash.update(`${relative(folder, path)}\n${bytes.length}\n`).update(bytes);
	}
	return hash.digest('hex');
}
