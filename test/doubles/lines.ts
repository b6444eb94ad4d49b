/** A ledger told as lines a person can compare: `granted 1.2` is the second attempt at the first step. */
import type { Entry, EntryOf } from '../../core/ledger/entry.ts';

export const linesOf = (entries: readonly Entry[]): string[] => entries.map(lineOf);

function lineOf(entry: Entry): string {
	switch (entry.kind) {
		case 'resumed':
			return `resumed ${entry.epoch}: ${entry.reason}`;
		case 'intent':
			return entry.rejected ? `rejected: ${entry.rejected}` : `planned ${entry.calls.map(({ step }) => step).join(' ')}`;
		case 'decision':
			return decisionLine(entry);
		case 'approval':
			return `${entry.answer} ${entry.step} by ${entry.by}`;
		case 'outcome':
			return outcomeLine(entry);
		case 'checkpoint':
			return entry.memory === null ? 'checkpoint' : 'checkpoint with memory';
		case 'closed':
			return `closed: ${entry.how}`;
		default:
			return entry.kind;
	}
}

function decisionLine(entry: EntryOf<'decision'>): string {
	if (entry.verdict === 'deny') return `denied ${entry.step}: ${entry.reason}`;
	if (entry.verdict === 'hold') return `held ${entry.step}: ${entry.reason}`;
	if (entry.asks) return `asked about ${entry.asks.map((attempt) => `${entry.step}.${attempt}`).join(' ')}`;
	return `granted ${entry.step}.${entry.attempt}${entry.reason === 'policy' ? '' : `: ${entry.reason}`}`;
}

function outcomeLine(entry: EntryOf<'outcome'>): string {
	const about = entry.attempts.map((attempt) => `${entry.step}.${attempt}`).join(' ');
	const marks = [
		...(entry.reason ? [entry.reason] : []),
		...(entry.contradicts ? ['contradicts'] : []),
		...(entry.stands ? ['stands'] : []),
		...(entry.malformed ? ['malformed'] : []),
	];
	return `${entry.result} ${about} by ${entry.by}${marks.length > 0 ? `: ${marks.join(', ')}` : ''}`;
}
