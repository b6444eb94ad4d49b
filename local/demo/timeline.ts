/** One run as its ledger tells it, with the kill on it. */
import { styleText } from 'node:util';
import type { Entry } from '../../core/ledger/entry.ts';
import { foldWhole } from '../../core/ledger/verify.ts';
import { openDesk } from '../desk.ts';
import type { Killing } from './kill.ts';

const ENTRIES_SHOWN = 50;

export async function timeline(directory: string, run: string, killings: readonly Killing[]): Promise<string[]> {
	const desk = openDesk(directory);
	try {
		const checked = foldWhole(await desk.store.ledger.read(run, { from: 0, limit: ENTRIES_SHOWN }));
		if (checked.is === 'broken') return [`the ledger of ${run} is damaged: ${checked.why}`];
		const [first] = checked.entries;
		const began = first?.at ?? 0;
		const tools = new Map([...checked.steps].map(([step, { tool }]) => [step, tool]));
		const lines = checked.entries.map((entry) => ({ at: entry.at as number, text: describe(entry, tools) }));
		for (const { at, processes } of killings)
			lines.push({ at, text: styleText('red', `SIGKILL    the host and everything it ran, ${processes} processes`) });
		return lines
			.toSorted((left, right) => left.at - right.at)
			.map(({ at, text }) => `${((at - began) / 1000).toFixed(2).padStart(7)} s  ${text}`);
	} finally {
		desk.close();
	}
}

function describe(entry: Entry, tools: ReadonlyMap<number, string>): string {
	const about = (step: number): string => `step ${step} ${tools.get(step) ?? ''}`;
	const kind = entry.kind.padEnd(10);
	switch (entry.kind) {
		case 'opened':
			return `${kind} by ${entry.by}, budget ${entry.budget.steps} steps`;
		case 'resumed':
			return `${kind} epoch ${entry.epoch}: whatever epoch ${entry.epoch - 1} left running is fenced`;
		case 'intent':
			return `${kind} ${entry.calls.map(({ step }) => about(step)).join(', ')}`;
		case 'decision':
			return `${kind} ${about(entry.step)}: ${entry.verdict}${entry.attempt ? ` attempt ${entry.attempt}` : ''}${entry.asks ? `, asks the target about attempt ${entry.asks.join(', ')}` : ''} (${entry.reason})`;
		case 'approval':
			return `${kind} ${about(entry.step)}: ${entry.answer} by ${entry.by}`;
		case 'outcome':
			return `${kind} ${about(entry.step)}: ${entry.result}, says the ${entry.by}`;
		case 'checkpoint':
			return `${kind} ${entry.memory === null ? 'state' : 'state and memory'}`;
		case 'frozen':
		case 'thawed':
			return `${kind} by ${entry.by}`;
		case 'closed':
			return `${kind} ${entry.how}`;
	}
}
