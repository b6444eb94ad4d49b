/** What the crash tests have met, kept for whoever wants to know how hard they tried. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../.cache/crash-report.json', import.meta.url));

/** Replaces one test's part. */
export function report(test: string, met: object): void {
	mkdirSync(dirname(file), { recursive: true });
	const before: object = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify({ ...before, [test]: { at: new Date().toISOString(), ...met } }, null, '\t')}\n`);
	renameSync(draft, file);
}
