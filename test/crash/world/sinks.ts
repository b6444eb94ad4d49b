/** The outside world's sinks, as the tools of an explored agent reach them: the journal is the world's, and each call a crossing. */
import type { Json } from '../../../core/ids.ts';
import type { Found, ToolContext } from '../../../index.ts';
import { EffectFailed } from '../../../index.ts';
import { die } from '../../doubles/mortal.ts';
import { type Outside, outsideWorld } from '../../doubles/outside.ts';
import { cross, passed, processHere } from './crossing.ts';
import { unkeyed } from './kinds.ts';
import type { World } from './world.ts';

/** What a target promises, by its sink: whether it tells a call by its key, and when it takes none any more. */
export type Target = { readonly honoursKeys?: true; readonly fencedBy?: 'credentials' | 'runtime'; readonly timeoutMs: number };
export type Targets = Readonly<Record<string, Target>>;
type Context = Pick<ToolContext, 'idempotencyKey' | 'run' | 'step' | 'attempt' | 'credentials'>;

/** A request that is under way though its process has ended. Whoever sent it waits for nothing any more. */
export type InFlight = { readonly sink: string; readonly input: Json; readonly context: Context; readonly untilMs: number };

/** The sinks over a world's own journal. */
export function outsideOf(world: World, targets: Targets): Outside {
	const outside = outsideWorld(world.journal);
	for (const [sink, { honoursKeys }] of Object.entries(targets)) if (honoursKeys) outside.honoursKeys.add(sink);
	outside.standsAt = (run) => world.state.chains.get(run)?.length ?? 0;
	return outside;
}

export function sinksOf(targets: Targets): Pick<Outside, 'act' | 'lookUp'> {
	return {
		act: (sink, input, context) => {
			const { running, process } = processHere();
			const { world } = running;
			const target = targets[sink] ?? { timeoutMs: 0 };
			const act = () => outsideOf(world, targets).act(sink, input, context);
			return cross(running, process, {
				at: 'sink.act',
				...(!target.honoursKeys && target.fencedBy !== undefined && { kinds: unkeyed }),
				effect: passed('sink.act', act),
				instead: {
					fails: async () => {
						world.journal.refused.push({
							sink,
							key: context.idempotencyKey,
							...context,
							accessKeyId: context.credentials.accessKeyId,
							input,
							stood: 0,
						});
						throw new EffectFailed(`${sink} refuses it`);
					},
					'in-flight': async () => {
						world.inFlight.push({ sink, input, context: bare(context), untilMs: world.nowMs + target.timeoutMs });
						return die();
					},
				},
			});
		},
		lookUp: (sink, context) => {
			const { running, process } = processHere();
			return cross<Found<{ receipt: string }>>(running, process, {
				at: 'sink.look-up',
				effect: passed('sink.look-up', () => outsideOf(running.world, targets).lookUp(sink, context)),
				instead: { 'says-unknown': async () => ({ unknown: 'ask again later' }) },
			});
		},
	};
}

const bare = ({ idempotencyKey, run, step, attempt, credentials }: Context): Context => ({
	idempotencyKey,
	run,
	step,
	attempt,
	credentials,
});
