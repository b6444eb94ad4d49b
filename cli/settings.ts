/** Where agents' settings come from: --settings FILE, else the environment, else DIR/settings.json. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import type { LoadedAgent } from '../local/load-agent.ts';
import { usage } from './fault.ts';
import { readText } from './input-file.ts';
import { parseJson } from './json-text.ts';
import type { Driving } from './options.ts';

export type Settings = Readonly<Record<string, string | undefined>>;

const SETTINGS_BYTES = 262_144;
const settingsFile = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a setting is named like an environment variable'), z.string());

/** All settings there are; an agent gets those it declares. @throws Fault for a file that can't be used */
export async function readSettings({ dir, settings }: Driving): Promise<Settings> {
	const beside = join(dir, 'settings.json');
	const given = settings === undefined ? {} : await readOne(settings);
	const standing = existsSync(beside) ? await readOne(beside) : {};
	return { ...standing, ...process.env, ...given };
}

async function readOne(file: string): Promise<Record<string, string>> {
	const parsed = parseJson(await readText(file, SETTINGS_BYTES));
	if ('why' in parsed) throw usage(`${file}, ${parsed.why}; it has to be an object of setting names to texts`);
	const shape = settingsFile.safeParse(parsed.value);
	if (shape.success) return shape.data;
	const issue = shape.error.issues[0];
	throw usage(`${file}: ${issue?.path.join('.') || 'it'}: ${issue?.message}; it has to be an object of setting names to texts`);
}

/** Why `loaded` can't do its work with these settings; `undefined` when it can. */
export function whatIsMissing({ agent, folder }: LoadedAgent, settings: Settings, { dir }: Pick<Driving, 'dir'>): string | undefined {
	const missing = agent.settings.filter((name) => settings[name] === undefined);
	if (missing.length === 0) return undefined;
	const world = existsSync(join(folder, 'world', 'main.ts')) ? 'start its world with npm run world, or ' : '';
	const readme = existsSync(join(folder, 'README.md')) ? `; ${relative(process.cwd(), join(folder, 'README.md'))} tells more` : '';
	const them = missing.length === 1 ? 'it' : 'them';
	return `${agent.name} needs ${missing.join(', ')}: ${world}set ${them} in the environment, in ${join(dir, 'settings.json')} or by --settings FILE${readme}`;
}
