/** An append-only NDJSON file: what a service has done, flushed before anyone is told. Its state is a fold over it. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as z from 'zod';

const NEWLINE = 10;

export type Journal<Line> = {
	/** What stood in the file when it was opened. */
	readonly past: readonly Line[];
	/** Durable once it returns. A failed write ends the process: the file, not the memory, says what happened. */
	append(line: Line): void;
	close(): void;
};

/**
 * Opens the journal for its one writer. A half-written last line was never answered, so it is cut off.
 *
 * @throws Error when a whole line is not of the shape `schema`; the message names the line.
 */
export function openJournal<S extends z.ZodType>(file: string, schema: S): Journal<z.infer<S>> {
	mkdirSync(dirname(file), { recursive: true });
	const isNew = !existsSync(file);
	const descriptor = openSync(file, 'a+');
	if (isNew) syncDirectory(dirname(file));
	const bytes = readFileSync(file);
	const wholeBytes = bytes.lastIndexOf(NEWLINE) + 1;
	if (wholeBytes < bytes.length) {
		ftruncateSync(descriptor, wholeBytes);
		fsyncSync(descriptor);
	}
	return {
		past: parseLines(file, bytes.subarray(0, wholeBytes), schema),
		append: (line) => {
			writeWhole(descriptor, Buffer.from(`${JSON.stringify(schema.parse(line))}\n`));
			fsyncSync(descriptor);
		},
		close: () => closeSync(descriptor),
	};
}

/** The whole lines of a journal that someone else may be writing to; none when there is no file yet. */
export function readLines<S extends z.ZodType>(file: string, schema: S): z.infer<S>[] {
	if (!existsSync(file)) return [];
	const bytes = readFileSync(file);
	return parseLines(file, bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1), schema);
}

function parseLines<S extends z.ZodType>(file: string, bytes: Buffer, schema: S): z.infer<S>[] {
	return bytes
		.toString('utf8')
		.split('\n')
		.slice(0, -1)
		.map((text, index) => {
			const line = schema.safeParse(parseJson(text));
			if (line.success) return line.data;
			throw new Error(`${file}:${index + 1} is not a journal line: ${text.slice(0, 120)}; move the file away to start afresh`);
		});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function writeWhole(descriptor: number, bytes: Buffer): void {
	for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

export function syncDirectory(directory: string): void {
	const descriptor = openSync(directory, 'r');
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
