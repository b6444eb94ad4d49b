/** One agent's reconciling over a run that has ended, with the clock in the test's hands and processes that come and go. */
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { hourOf } from '../../core/audit/rounds.ts';
import type { Witness } from '../../core/audit/witness.ts';
import { epochMs } from '../../core/ids.ts';
import { noting } from '../../functions/ingest/noting.ts';
import { type ReconcileHandlerSurroundings, reconcileHandler } from '../../functions/reconcile/handler.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

export type Counts = { reconciled: number; findings: number; raised: number; unread: number };
type Asked = (event?: object) => Promise<Counts>;

export const DELAY_MS = 60_000;

export async function installed({ agent = 'clerk', remainingMs = (): number => 600_000 } = {}) {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')]));
	const audit = memoryAudit();
	const moved = memoryMoved();
	const told: string[] = [];
	const lines: Record<string, unknown>[] = [];
	let later = 0;
	const now = () => desk.clock.now() + later;
	await moved.note(RUN, hourOf(now()));
	const surroundings: ReconcileHandlerSurroundings = {
		...audit,
		agent,
		store: desk.operator.store,
		moved,
		bookmark: memoryBookmark(),
		agentOf: async () => desk.agent,
		// What was issued here is told nobody, so everything may still come.
		terms: async () => ({ regions: ['here'], watermark: { until: epochMs.parse(0), restsOn: 'stream' }, commits: 'unwitnessable' }),
		delayMs: DELAY_MS,
		log: ({ name }) => void told.push(name),
		say: (line) => void lines.push(JSON.parse(line)),
		now,
	};
	/** Another process, which remembers nothing. */
	const restarted = (changes: Partial<ReconcileHandlerSurroundings> = {}): Asked => {
		const handler = reconcileHandler({ ...surroundings, ...changes });
		return (event = {}) => handler(event as never, { getRemainingTimeInMillis: remainingMs } as never) as unknown as Promise<Counts>;
	};
	return {
		desk,
		audit,
		moved,
		told,
		lines,
		now,
		ask: restarted(),
		restarted,
		wait: (ms: number): void => {
			later += ms;
		},
		/** As `ingest` keeps it. */
		witness: (witness: Witness) => noting(audit.witnesses, { moved, now }).put(witness),
	};
}
