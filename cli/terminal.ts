/** Writing to a terminal, or to whatever stands in its place. What runs and agents say is never trusted to be printable. */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';

/** Controls, line separators and what reverses the direction of text: none of them reaches a terminal. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;

/** One line, safe for a terminal: unprintable characters are shown by their number. */
export const printable = (text: string): string =>
	text.replaceAll(UNPRINTABLE, (character) => {
		const code = character.codePointAt(0) ?? 0;
		return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
	});

/** The same for a text of several lines. */
export const printableLines = (text: string): string =>
	text
		.split('\n')
		.map((line) => printable(line.replaceAll('\t', '    ')))
		.join('\n');

type Style = Parameters<typeof styleText>[0];
/** Colours text for `stream`, if that is a terminal that wants it. */
export const coloured = (stream: NodeJS.WriteStream, style: Style, text: string): string =>
	styleText(style, text, { stream, validateStream: true });

/** JSON that is as safe: what a terminal would act on stands escaped, and means the same. */
export const printableJson = (value: unknown): string =>
	JSON.stringify(value).replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A line to people. Never on stdout, which is for the answer. */
export function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

const toStdout = process.stdout.write.bind(process.stdout);

/** Stdout is the answer's. What an agent's code prints while it is loaded goes to stderr, as printable as all else. */
export function keepStdout(): void {
	const aside = (chunk: string | Uint8Array): boolean => process.stderr.write(printableLines(Buffer.from(chunk).toString()));
	process.stdout.write = aside as typeof process.stdout.write;
}

/** The answer. Resolves once it has left the process, or nobody reads it any more. */
export function answer(text: string): Promise<void> {
	return new Promise((resolve) => {
		toStdout(text.endsWith('\n') ? text : `${text}\n`, () => resolve());
	});
}

/** The same where nothing is waited for any more: while the process ends. */
export const answerAtOnce = (text: string): void => void writeSync(process.stdout.fd, `${text}\n`);

/** A reader that went away (`| head`) is no failure: the work goes on, and what is said is lost. */
export function ignoreClosedPipes(): void {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') throw error;
		});
	}
}
