/** A folder of agents of which one file reads otherwise: changed code, as a redeployment brings it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const agents = fileURLToPath(new URL('../../../agents/', import.meta.url));

export type Alteration = { readonly file: string; readonly from: string; readonly to: string };

/** Answers the folder. @throws Error when the file does not hold what is to be replaced: then nothing would have changed. */
export function alteredAgents(directory: string, { file, from, to }: Alteration): string {
	cpSync(agents, directory, { recursive: true, filter: (path) => !path.endsWith('/world') });
	const path = join(directory, file);
	const text = readFileSync(path, 'utf8');
	if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
	writeFileSync(path, text.replace(from, to));
	return directory;
}
