/**
 * What the tests of this folder have met, in one file that the reliability page is made of. Each test file leaves its part;
 * the project's end adds them up, so the figures are those of one run and of all its files.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How often each kind of fault has taken effect, by kind and target. */
export type FaultsFired = { [kind: string]: { [target: string]: number } };
export type ControlReport = { readonly name: string; readonly says: string; readonly caught: boolean };

export type ReportPart = {
	/** Requests of the adapter that reached the proxy. */
	readonly requests: number;
	readonly faultsFired: FaultsFired;
	/** Runs driven from `opened` to `closed`. */
	readonly runs: number;
	/** Appends by how they were answered: it landed; it is known not to have; neither is known. */
	readonly ok: number;
	readonly fail: number;
	readonly unknown: number;
	/** SIGKILLs of the database. */
	readonly kills: number;
	readonly acknowledgedWrites: number;
	readonly lostWrites: number;
	readonly duplicated: number;
	readonly controls: readonly ControlReport[];
	readonly seed: number | null;
};

const directory = fileURLToPath(new URL('../crash/.out/', import.meta.url));
const parts = join(directory, 'dynamodb-parts');
const begun = join(parts, 'begun');

export function beginReport(): void {
	rmSync(parts, { recursive: true, force: true });
	mkdirSync(parts, { recursive: true });
	writeFileSync(begun, String(Date.now()));
}

/** Leaves what one test file has met. */
export function reportPart(file: string, met: Partial<ReportPart>): void {
	writeWhole(join(parts, `${file}.json`), met);
}

/** Adds up what the files have left. `of` names them: a figure is worth what stands there. */
export function endReport(): void {
	const files = readdirSync(parts).filter((name) => name.endsWith('.json'));
	const met = files.sort().map((name): Partial<ReportPart> => JSON.parse(readFileSync(join(parts, name), 'utf8')));
	const sum = (count: (part: Partial<ReportPart>) => number | undefined): number =>
		met.reduce((total, part) => total + (count(part) ?? 0), 0);
	writeWhole(join(directory, 'dynamodb.json'), {
		part: 'dynamodb',
		of: files.map((name) => name.replace(/\.json$/, '')),
		requests: sum((part) => part.requests),
		faultsFired: added(met.map((part) => part.faultsFired ?? {})),
		runs: sum((part) => part.runs),
		ok: sum((part) => part.ok),
		fail: sum((part) => part.fail),
		unknown: sum((part) => part.unknown),
		kills: sum((part) => part.kills),
		acknowledgedWrites: sum((part) => part.acknowledgedWrites),
		lostWrites: sum((part) => part.lostWrites),
		duplicated: sum((part) => part.duplicated),
		controls: met.flatMap((part) => part.controls ?? []),
		seed: met.find((part) => typeof part.seed === 'number')?.seed ?? null,
		seeds: Object.fromEntries(
			met.flatMap((part, index) => (typeof part.seed === 'number' ? [[files[index]?.replace(/\.json$/, ''), part.seed]] : [])),
		),
		seconds: Math.round((Date.now() - Number(readFileSync(begun, 'utf8'))) / 1000),
	});
	rmSync(parts, { recursive: true, force: true });
}

export function added(all: readonly FaultsFired[]): FaultsFired {
	const total: FaultsFired = {};
	for (const fired of all) {
		for (const [kind, targets] of Object.entries(fired)) {
			const of = total[kind] ?? {};
			total[kind] = of;
			for (const [target, times] of Object.entries(targets)) of[target] = (of[target] ?? 0) + times;
		}
	}
	return total;
}

function writeWhole(file: string, content: object): void {
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(content, null, '\t')}\n`);
	renameSync(draft, file);
}
