/** The outside world's sinks, as the tools of an explored agent reach them: the journal is the world's, and each call a crossing. */
import type { Json } from '../../../core/ids.ts';
import type { Found } from '../../../index.ts';
import { EffectFailed } from '../../../index.ts';
import { die } from '../../doubles/mortal.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';
import { type CrossingCall, passed, processHere } from './crossing.ts';
import { unkeyed } from './kinds.ts';
import type { Bearer } from './outward.ts';
import type { World } from './world.ts';

/** What a target promises, by its sink: whether it tells a call by its key, and when it takes none any more. */
export type Target = { readonly honoursKeys?: true; readonly fencedBy?: 'credentials' | 'runtime'; readonly timeoutMs: number };
export type Targets = Readonly<Record<string, Target>>;

/** A request that is under way though its process has ended. Whoever sent it waits for nothing any more. */
export type InFlight = { readonly sink: string; readonly input: Json; readonly context: Bearer; readonly untilMs: number };

/** The sinks over a world's own journal. */
export function outsideOf(world: World, targets: Targets): Outside {
	const outside = outsideWorld(world.journal);
	for (const [sink, { honoursKeys }] of Object.entries(targets)) if (honoursKeys) outside.honoursKeys.add(sink);
	outside.standsAt = (run) => world.state.chains.get(run)?.length ?? 0;
	return outside;
}

/** The sinks as the tools of a process reach them. */
export const sinksOf = (): Pick<Outside, 'act' | 'lookUp'> => ({
	act: (sink, input, context) => processHere().process.outward.call('sink.act', sink, input, bare(context)),
	lookUp: (sink, { idempotencyKey }) => processHere().process.outward.call('sink.look-up', sink, { idempotencyKey }),
});

type Acting = { readonly sink: string; readonly input: Json; readonly bearer: Bearer };
export function acting(world: World, targets: Targets, { sink, input, bearer }: Acting): CrossingCall<{ receipt: string }> {
	const target = targets[sink] ?? { timeoutMs: 0 };
	const act = () => outsideOf(world, targets).act(sink, input, bearer);
	return {
		at: 'sink.act',
		...(!target.honoursKeys && target.fencedBy !== undefined && { kinds: unkeyed }),
		effect: passed('sink.act', act),
		instead: {
			fails: async () => {
				const { idempotencyKey, credentials } = bearer;
				world.journal.refused.push({ sink, key: idempotencyKey, ...bearer, accessKeyId: credentials.accessKeyId, input, stood: 0 });
				throw new EffectFailed(`${sink} refuses it`);
			},
			'in-flight': async () => {
				world.inFlight.push({ sink, input, context: bearer, untilMs: world.nowMs + target.timeoutMs });
				return die();
			},
		},
	};
}

type LookingUp = { readonly sink: string; readonly bearer: Pick<Bearer, 'idempotencyKey'> };
export const lookingUp = (world: World, targets: Targets, { sink, bearer }: LookingUp): CrossingCall<Found<{ receipt: string }>> => ({
	at: 'sink.look-up',
	effect: passed('sink.look-up', () => outsideOf(world, targets).lookUp(sink, bearer)),
	instead: { 'says-unknown': async () => ({ unknown: 'ask again later' }) },
});

const bare = ({ idempotencyKey, run, step, attempt, credentials }: Bearer): Bearer => ({
	idempotencyKey,
	run,
	step,
	attempt,
	credentials,
});
