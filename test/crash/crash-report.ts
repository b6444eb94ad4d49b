/**
 * What the crash tests have met, one file a part, for `docs/reliability.md` and whoever wants to know how hard they
 * tried. A part is written when it is done, and replaces what it wrote the last time.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Not under version control. */
export const reportDirectory = fileURLToPath(new URL('./.out/', import.meta.url));

/** Writes `<part>.json`: `{ part, at, … }`. */
export function report(part: string, met: object): void {
	writeReport(join(reportDirectory, `${part}.json`), { part, at: new Date().toISOString(), ...met });
}

/** Whole or not at all: whoever reads `path` meanwhile reads what stood there before. */
export function writeReport(path: string, met: object): void {
	mkdirSync(dirname(path), { recursive: true });
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(met, null, '\t')}\n`);
	renameSync(draft, path);
}
