/**
 * A mutation is a shipped rule taken away at one place, or a named bound made small: a piece of source replaced while it
 * is loaded. What is tested is then everything else as it ships, and the files on disk stay as they are.
 */
export type Edit = {
	/** From the repository's root. */
	readonly file: string;
	/** Occurs exactly once in the file, or nothing is run: a control that changed nothing would be no control. */
	readonly find: string;
	readonly replace: string;
};
export type Mutation = { readonly name: string; readonly says: string; readonly edits: readonly Edit[] };

/** The variable in which a process is told its mutations, as JSON. */
export const MUTATIONS_VARIABLE = 'THROUGHLINE_MUTATIONS';

/** @throws Error when `find` is not there, or there more than once. */
export function edited(source: string, { file, find, replace }: Edit): string {
	const parts = source.split(find);
	if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times, not once: ${find}`);
	return parts.join(replace);
}
