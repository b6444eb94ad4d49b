/** A host's events as lines for people, in the order in which they happened. */
import { join } from 'node:path';
import type { Agent } from '../core/agent/agent.ts';
import { entriesFrom, entryAt, openContent, type Reader, type Store } from '../core/ledger/read.ts';
import { stepOf } from '../core/ledger/state.ts';
import type { HostEvent } from '../local/host.ts';
import { coloured, printable, say } from './terminal.ts';

export type Progress = {
	tell(event: HostEvent): void;
	/** Resolves when all that was told has been written. */
	written(): Promise<void>;
};

/** What lines are made from; the host itself is not there yet when its first events come. */
export type Knowing = {
	readonly source: () => { store: Store; reader: Reader } | undefined;
	readonly agentOf: (run: string) => Promise<Agent | undefined>;
	/** Where functions' own output goes. */
	readonly logs: string;
};

const REASON_CHARACTERS = 160;

export function createProgress(knowing: Knowing): Progress {
	let last: Promise<void> = Promise.resolve();
	/** Up to where a run's refused plans have been told. */
	const told = new Map<string, number>();
	const tell = (event: HostEvent): void => {
		last = last.then(async () => {
			// A line less is no reason to end a run.
			if (event.is === 'planned') for (const line of await refusedPlans(event.run, knowing, told).catch(() => [])) say(line);
			const line = await lineOf(event, knowing).catch(() => undefined);
			if (line !== undefined) say(line);
		});
	};
	return { tell, written: () => last };
}

async function lineOf(event: HostEvent, knowing: Knowing): Promise<string | undefined> {
	switch (event.is) {
		case 'took-over':
			return `a throughline here has died${event.processes > 0 ? `; processes of it that were left and are killed now: ${event.processes}` : ''}`;
		case 'planned':
			if (event.next !== 'act') return undefined;
			return about(event.run, `goes on with ${event.steps.map(({ step, tool }) => `step ${step} ${tool}`).join(', ')}`);
		case 'step':
			return about(event.run, `step ${event.step} ${event.tool} · ${await stepWords(event, knowing)}`);
		case 'retried':
			return about(
				event.run,
				coloured(
					process.stderr,
					'yellow',
					printable(`${event.function} failed (${event.error}); what it printed is in ${join(knowing.logs, event.function)}.log`),
				),
			);
		case 'execution':
			if (event.end !== 'failed') return undefined;
			return about(event.run, coloured(process.stderr, 'yellow', `its ${event.machine} execution failed`));
	}
}

/** Why plans of this epoch were refused, of those that have not been told yet. */
async function refusedPlans(run: string, { source }: Knowing, told: Map<string, number>): Promise<string[]> {
	const from = source();
	if (!from) return [];
	const view = await from.reader.read(run);
	const entries = await entriesFrom(from.store, view, (told.get(run) ?? view.state.epochPlace) + 1);
	told.set(run, view.state.head.place);
	const lines: string[] = [];
	for (const entry of entries) {
		if (entry.kind !== 'intent' || entry.rejected === undefined) continue;
		const why = (await openContent(from.store, entry, view.key))?.rejected ?? entry.rejected;
		lines.push(about(run, coloured(process.stderr, 'yellow', `a plan was refused: ${printable(why.slice(0, REASON_CHARACTERS))}`)));
	}
	return lines;
}

const about = (run: string, words: string): string => `${coloured(process.stderr, 'bold', printable(run))} · ${words}`;

type StepEvent = Extract<HostEvent, { is: 'step' }>;

async function stepWords(event: StepEvent, knowing: Knowing): Promise<string> {
	switch (event.status) {
		case 'in-doubt': {
			const tool = (await knowing.agentOf(event.run))?.tools.get(event.tool);
			const before = tool?.lookup ? 'before asking the target' : 'before asking a person';
			return coloured(process.stderr, 'yellow', `in doubt: waiting ${event.waitSeconds ?? 0} s ${before}`);
		}
		case 'again':
			return `trying again${event.waitSeconds ? ` in ${event.waitSeconds} s` : ''}`;
		case 'held':
			return coloured(process.stderr, 'yellow', 'waits for a person');
		case 'fenced':
			return 'taken up elsewhere';
		case 'ended':
			return endWords(event, knowing);
		default:
			return printable(event.status);
	}
}

async function endWords({ run, step }: StepEvent, { source }: Knowing): Promise<string> {
	const from = source();
	if (!from) return 'ended';
	const view = await from.reader.read(run);
	const end = stepOf(view.state, step)?.end;
	// A checkpoint has dropped it since.
	if (!end) return 'ended';
	if (end.result === 'done') return coloured(process.stderr, 'green', end.by === 'tool' ? 'done' : `done, says the ${end.by}`);
	const entry = await entryAt(from.store, view, end.place);
	const content =
		entry.kind === 'decision' || entry.kind === 'outcome'
			? await openContent<'decision' | 'outcome'>(from.store, entry, view.key)
			: undefined;
	const why = content && ('why' in content ? content.why : 'reason' in content ? content.reason : undefined);
	const reason = why === undefined ? '' : `: ${printable(String(why).slice(0, REASON_CHARACTERS))}`;
	return coloured(process.stderr, 'red', `${end.result}${reason}`);
}
