/** A1: an effect that nothing shows is no finding, and is not passed over in silence either: the function counts it apart. */
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { memoryBookmark, memoryMoved } from '../../adapters/memory/rounds.ts';
import { epochMs } from '../../core/ids.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { call, clerk, plans } from '../doubles/clerk.ts';
import { install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

test('in its answer and in its metrics', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('file.read')], [call('letter.send')]));
	const lines: string[] = [];
	const handler = reconcileHandler({
		...memoryAudit(),
		agent: 'clerk',
		store: desk.operator.store,
		moved: memoryMoved(),
		bookmark: memoryBookmark(),
		agentOf: async () => desk.agent,
		terms: async () => ({ regions: ['here'], watermark: { until: epochMs.parse(0), restsOn: 'stream' }, commits: 'unwitnessable' }),
		delayMs: 0,
		log: () => {},
		say: (line) => void lines.push(line),
		now: () => desk.clock.now(),
	});
	const answer = await handler({ run: RUN } as never, { getRemainingTimeInMillis: () => 600_000 } as never);
	expect(answer).toMatchObject({ reconciled: 1, findings: 0, witnessed: 0, unwitnessable: 1, open: 0 });
	expect(JSON.parse(lines[0] ?? '')).toMatchObject({ unwitnessable: 1 });
});
