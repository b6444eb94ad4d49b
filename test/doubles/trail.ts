/** The trail that a run in memory would have left: its sessions' issues, their calls at the sinks, and the guard's commits. */
import * as z from 'zod';
import { readEvent } from '../../core/audit/event.ts';
import { type Expectation, expectationOf } from '../../core/audit/sight.ts';
import type { Terms } from '../../core/audit/terms.ts';
import type { Witness } from '../../core/audit/witness.ts';
import { epochMs } from '../../core/ids.ts';
import { canonical, sha256 } from '../../core/ledger/chain.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { commitEvent, type Event, type Issued, issueEvent, known, REGION, useEvent } from './cloudtrail.ts';
import type { Effect } from './outside.ts';

/** Sinks are services of somebody else's, which hand us their trail. */
export const sinkSource = (sink: string): string => `${sink.replaceAll('.', '-')}.example.net`;

export type Told = {
	readonly issued: readonly Issued[];
	/** Calls that reached a sink, when, and whether it turned them away. */
	readonly calls: readonly { readonly effect: Effect; readonly at: number; readonly refused: boolean }[];
	readonly entries: readonly Entry[];
	/** What the ledger's table takes from a commit's session: its read and lookup sinks change nothing. */
	readonly readOnly?: readonly string[];
};

export function eventsOf({ issued, calls, entries, readOnly = [] }: Told): Event[] {
	const sessions = new Map(issued.map((one) => [one.credentials.accessKeyId, one]));
	const uses = calls.flatMap(({ effect, at, refused }, nth) => {
		const session = sessions.get(effect.accessKeyId);
		if (!session) throw new Error(`${effect.sink} was called under ${effect.accessKeyId}, which nobody issued`);
		const said = {
			source: sinkSource(effect.sink),
			name: 'Act',
			at,
			nth,
			readOnly: readOnly.includes(effect.sink),
			parameters: { idempotencyKey: effect.key },
			...(refused && { error: 'ExpiredToken' }),
		};
		return [useEvent(session, said)];
	});
	const commits = entries.flatMap((entry) => {
		const session = entry.kind === 'outcome' && entry.commit !== undefined ? sessions.get(entry.commit) : undefined;
		return session ? [commitEvent(session, entry.at, entry)] : [];
	});
	return [...issued.map((one) => issueEvent(one)), ...uses, ...commits];
}

/** @throws Error for an event that is no witness: all that are made here are. */
export const witnessesOf = (events: readonly Event[]): Witness[] =>
	events.map((event) => {
		const read = readEvent(event, known, 'stream');
		if (read.is !== 'witness') throw new Error(`${JSON.stringify(read)} of ${JSON.stringify(event)}`);
		return read.witness;
	});

/** What should be seen of each planned step, where every tool but `unseen` says it. */
export function expectedOf(
	entries: readonly Entry[],
	{ sinks = {}, unseen = [] }: { sinks?: Readonly<Record<string, string>>; unseen?: readonly string[] },
): Map<number, Expectation> {
	const [opened] = entries;
	const root = opened ? sha256(canonical(opened)) : '';
	const calls = entries.flatMap((entry) => (entry.kind === 'intent' ? entry.calls : []));
	return new Map(
		calls.map(({ step, tool }) => {
			const key = idempotencyKey(root, step);
			const says = unseen.includes(tool)
				? ('nothing' as const)
				: () => [{ source: sinkSource(sinks[tool] ?? tool), name: 'Act', request: { idempotencyKey: key } }];
			return [step, expectationOf({ witnessedBy: says, input: z.object({}) }, { input: {}, idempotencyKey: key })];
		}),
	);
}

export const LONG_AFTER = epochMs.parse(4_000_000_000_000);
/** Everything has come. */
export const terms: Terms = {
	regions: [REGION],
	watermark: { until: LONG_AFTER, restsOn: 'stream' },
	commits: 'witnessed',
};
