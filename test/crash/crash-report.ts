/**
 * What the crash tests have met, one file a part, for `docs/reliability.md` and whoever wants to know how hard they
 * tried. A part is written when it is done, and replaces what it wrote the last time.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Not under version control. */
export const reportDirectory = fileURLToPath(new URL('./.out/', import.meta.url));

/** Writes `<part>.json`: `{ part, at, … }`. */
export function report(part: string, met: object): void {
	mkdirSync(reportDirectory, { recursive: true });
	const path = join(reportDirectory, `${part}.json`);
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify({ part, at: new Date().toISOString(), ...met }, null, '\t')}\n`);
	renameSync(draft, path);
}
