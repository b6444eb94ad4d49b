/** A deliberately wrong variant, a scenario that brings it out, and what the checker has to say of it. */

import type { FindingKind } from '../checker/finding.ts';
import type { Seen } from '../checker/seen.ts';
import type { Edit } from '../mutate/mutation.ts';

export type Control = {
	readonly name: string;
	/** What a naive engineer would have done. */
	readonly says: string;
	readonly edits: readonly Edit[];
	/** The promise it breaks: this kind has to be among the findings. */
	readonly breaks: FindingKind;
	/** The same for both: on the sources as they ship, nothing may be found. */
	readonly play: () => Promise<Seen>;
};

export const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
