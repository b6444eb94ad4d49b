import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files under `path` by their names from there, in a fixed order; itself, where it is one. */
export function filesIn(path: string): [name: string, bytes: Buffer][] {
	if (statSync(path).isFile()) return [['', readFileSync(path)]];
	return readdirSync(path, { recursive: true, encoding: 'utf8' })
		.toSorted()
		.filter((name) => statSync(join(path, name)).isFile())
		.map((name) => [name, readFileSync(join(path, name))]);
}
