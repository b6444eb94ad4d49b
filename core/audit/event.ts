/**
 * CloudTrail events, hostile until parsed. Each becomes a witness, is none of ours and counted by class, or is poison, with
 * a reason that repeats nothing of the event. Secrets go no further than this (A3).
 * @see docs/spec/audit.md#from-an-event-to-a-witness
 */

import { classify, type Elsewhere } from './classify.ts';
import { eventShape } from './event-shape.ts';
import type { Known } from './known.ts';
import { withoutSecrets } from './secrets.ts';
import type { Copy, Witness } from './witness.ts';

/** An event has 256 KB at most in the stream; the files may hold larger ones. In characters. */
export const EVENT_CHARACTERS = 1_048_576;

export type Reading =
	| { readonly is: 'witness'; readonly witness: Witness }
	| { readonly is: 'not-ours'; readonly class: Elsewhere }
	| { readonly is: 'poison'; readonly why: string };

/** One event as text, as a log group hands it on. Never throws. */
export function readEventText(text: string, known: Known, copy: Copy): Reading {
	if (text.length > EVENT_CHARACTERS) return poison(`more than ${EVENT_CHARACTERS} characters`);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return poison('not JSON');
	}
	return readEvent(value, known, copy);
}

/** One event as it stands in `Records` of a log file, or as `readEventText` has parsed it. Never throws. */
export function readEvent(value: unknown, known: Known, copy: Copy): Reading {
	const parsed = eventShape.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		return poison(issue && issue.path.length > 0 ? `${issue.path.join('.')} is not as in an event` : 'not an event');
	}
	const found = classify(parsed.data, known, copy);
	if (!('witness' in found)) return { is: 'not-ours', class: found.class };
	const clean = withoutSecrets(found.witness, value);
	return clean ? { is: 'witness', witness: clean } : poison('a secret stands where a name should, or there is more than can be searched');
}

const poison = (why: string): Reading => ({ is: 'poison', why });
