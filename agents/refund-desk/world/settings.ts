/** The settings file in a state directory: how `throughline` finds the world that is up. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

type Settings = Readonly<Record<string, string>>;
const settingsFile = z.record(z.string(), z.string());

/** Adds the world's addresses to what stands in `file`. @throws Error when that is no settings file */
export function addSettings(file: string, ours: Settings): void {
	write(file, { ...read(file), ...ours });
}

/** Takes them out again: an agent is then told that its world is missing, instead of talking to nobody. */
export function removeSettings(file: string, ours: Settings): void {
	const others = Object.entries(read(file)).filter(([name, value]) => ours[name] !== value);
	if (others.length === 0) rmSync(file, { force: true });
	else write(file, Object.fromEntries(others));
}

function read(file: string): Settings {
	if (!existsSync(file)) return {};
	try {
		return settingsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		throw new Error(`${file} is not an object of setting names to texts; correct or remove it`);
	}
}

/** Replaced in one rename, so that a reader sees a whole file. */
function write(file: string, settings: Settings): void {
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(settings, null, '\t')}\n`);
	renameSync(draft, file);
}
