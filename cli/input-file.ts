/** The tasks that a person hands over: one JSON document, or a list of them. */
import { createReadStream } from 'node:fs';
import type { Json } from '../core/ids.ts';
import { runId } from '../core/ids.ts';
import { type Fault, usage } from './fault.ts';
import { parseJson } from './json-text.ts';

/** One task has 64 KB at most; so much more leaves room for white space. */
const DOCUMENT_BYTES = 1_048_576;
const LIST_BYTES = 67_108_864;
const TASKS = 10_000;

/** A task, and where it stood, for messages. */
export type Given = { readonly task: unknown; readonly where: string };

/** @throws Fault naming file, line and column */
export async function readTask(file: string): Promise<Given> {
	const text = await readText(file, DOCUMENT_BYTES);
	const parsed = parseJson(text);
	if ('why' in parsed) throw faulty(file, parsed.why);
	return { task: parsed.value, where: nameOf(file) };
}

/** Elements of a JSON array, or lines of NDJSON. @throws Fault */
export async function readTasks(file: string): Promise<Given[]> {
	const text = await readText(file, LIST_BYTES);
	const tasks = text.trimStart().startsWith('[') ? elements(file, text) : lines(file, text);
	if (tasks.length === 0) throw usage(`${nameOf(file)} holds no task; --each takes a JSON array, or one JSON document a line`);
	if (tasks.length > TASKS) throw usage(`${nameOf(file)} holds ${tasks.length} tasks; give at most ${TASKS} at once`);
	return tasks;
}

function elements(file: string, text: string): Given[] {
	const parsed = parseJson(text);
	if ('why' in parsed) throw faulty(file, parsed.why);
	const list: unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
	return list.map((task, index) => ({ task, where: `element ${index + 1} of ${nameOf(file)}` }));
}

function lines(file: string, text: string): Given[] {
	return text.split('\n').flatMap((line, index) => {
		if (line.trim() === '') return [];
		const parsed = parseJson(line, index + 1);
		if ('why' in parsed) throw faulty(file, parsed.why);
		return [{ task: parsed.value, where: `line ${index + 1} of ${nameOf(file)}` }];
	});
}

/** The element's own id, where it has one that can name a run. */
export function ownId(task: unknown): string | undefined {
	const id = (task as { [key: string]: Json } | null | undefined)?.id;
	const parsed = runId.safeParse(id);
	return parsed.success ? parsed.data : undefined;
}

const nameOf = (file: string): string => (file === '-' ? 'stdin' : file);
const faulty = (file: string, why: string): Fault => usage(`${nameOf(file)}, ${why}; correct it, then run this again`);

/** Reads a whole text file, bounded. @throws Fault when it is missing, too large or not UTF-8 */
export async function readText(file: string, bytesAtMost: number): Promise<string> {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	try {
		const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
		for await (const chunk of stream) {
			sizeBytes += chunk.length;
			if (sizeBytes > bytesAtMost) throw usage(`${nameOf(file)} has more than ${bytesAtMost} bytes; give less at once`);
			chunks.push(chunk);
		}
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === undefined) throw error;
		throw usage(
			`${nameOf(file)} can't be read: ${code === 'ENOENT' ? 'there is no such file' : code}; give a file of JSON, or - for stdin`,
		);
	}
	const bytes = Buffer.concat(chunks);
	if (bytes.length === 0) throw usage(`${nameOf(file)} is empty; it has to hold JSON`);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw usage(`${nameOf(file)} is not UTF-8 text; save it as UTF-8`);
	}
}
