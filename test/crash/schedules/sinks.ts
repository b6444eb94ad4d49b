/**
 * The outside world: sinks that journal what really happened. One that is fenced by credentials turns ended sessions away;
 * one that honours keys forgets them after the time it declares; a lookup does not see what is too young.
 */
import * as z from 'zod';
import { befall, type Fault } from '../../../adapters/memory/faults.ts';
import type { Found, Json, LookupContext, Tool, ToolContext } from '../../../index.ts';
import { EffectFailed } from '../../../index.ts';
import type { FakeIssuer } from '../../doubles/issuer.ts';
import { crossing } from '../../doubles/mortal.ts';
import { type Effect, emptyJournal, type Journal } from '../../doubles/outside.ts';
import type { Timeline } from './timeline.ts';

export type Receipt = { receipt: string };
type Caller = Pick<ToolContext, 'idempotencyKey' | 'run' | 'step' | 'attempt' | 'credentials'>;
export type Sinks = {
	readonly journal: Journal;
	/** When each of `journal.arrived` did. */
	readonly arrivedAt: readonly number[];
	act(sink: string, input: Json, caller: Caller): Promise<Receipt>;
	lookUp(sink: string, context: Pick<LookupContext, 'idempotencyKey'>): Promise<Found<Receipt>>;
};

export type SinksOptions = {
	readonly toolOf: (sink: string) => Pick<Tool, 'fencedBy' | 'keyHonouredForMs' | 'visibleWithinMs'>;
	readonly issued: FakeIssuer['issued'];
	readonly time: Timeline;
	/** How many entries a run's ledger holds now. */
	readonly standsAt: (run: string) => number;
	readonly fault: () => Fault | undefined;
	/** False for a target that takes whatever comes. */
	readonly checksSessions: boolean;
	readonly onRefused: () => void;
};

export function sinksOf({ toolOf, issued, time, standsAt, fault, checksSessions, onRefused }: SinksOptions): Sinks {
	const journal = emptyJournal();
	const happenedAt: number[] = [];
	const arrivedAt: number[] = [];
	const receipt = (index: number): Receipt => ({ receipt: `receipt ${index + 1}` });

	const happen = (effect: Effect): Receipt => {
		const { keyHonouredForMs } = toolOf(effect.sink);
		const known = journal.effects.findIndex(
			(other, index) => other.sink === effect.sink && other.key === effect.key && time.now() < (happenedAt[index] ?? 0) + keyHonouredForMs,
		);
		if (known >= 0) return receipt(known);
		happenedAt.push(time.now());
		return receipt(journal.effects.push({ ...effect, stood: standsAt(effect.run) }) - 1);
	};

	const arrive = async (effect: Effect): Promise<Receipt> => {
		const arrived = { ...effect, stood: standsAt(effect.run) };
		journal.arrived.push(arrived);
		arrivedAt.push(time.now());
		if (checksSessions && toolOf(effect.sink).fencedBy === 'credentials' && time.now() > endOf(effect.accessKeyId, issued)) {
			journal.refused.push(arrived);
			onRefused();
			// As services answer: no word on whether an earlier call of this session got through.
			throw new Error('ExpiredToken');
		}
		return happen(effect);
	};

	return {
		journal,
		arrivedAt,
		act: (sink, input, { idempotencyKey, run, step, attempt, credentials: { accessKeyId } }) =>
			crossing(() => {
				const effect = { sink, key: idempotencyKey, run, step, attempt, accessKeyId, input, stood: -1 };
				const refused = (): Error => {
					const arrived = { ...effect, stood: standsAt(run) };
					journal.arrived.push(arrived);
					arrivedAt.push(time.now());
					journal.refused.push(arrived);
					return new EffectFailed(`${sink} is closed`);
				};
				return befall(fault(), { cause: sink, effect: () => arrive(effect), refused });
			}, 'sink.act'),
		lookUp: (sink, { idempotencyKey }) =>
			crossing(
				() =>
					befall<Found<Receipt>>(fault(), {
						cause: sink,
						effect: async () => {
							const young = time.now() - toolOf(sink).visibleWithinMs;
							const found = journal.effects.findIndex(
								(effect, index) => effect.sink === sink && effect.key === idempotencyKey && (happenedAt[index] ?? 0) <= young,
							);
							return found >= 0 ? { found: receipt(found) } : { absent: true };
						},
						refused: (cause) => new Error(cause),
					}),
				'sink.look-up',
			),
	};
}

const ends = z.object({
	Statement: z.array(z.object({ Condition: z.object({ DateGreaterThan: z.record(z.string(), z.string()) }).optional() })),
});

/** When the session policy begins to deny everything, by the target's own clock. */
function endOf(accessKeyId: string, issued: FakeIssuer['issued']): number {
	const session = issued.find(({ credentials }) => credentials.accessKeyId === accessKeyId);
	const policy = ends.parse(JSON.parse(session?.request.policy ?? '{"Statement":[]}'));
	const times = policy.Statement.flatMap(({ Condition }) => Condition?.DateGreaterThan['aws:CurrentTime'] ?? []);
	return Math.min(...times.map((text) => Date.parse(text)));
}
