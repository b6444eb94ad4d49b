/** An agent without a planner, and what its own process asks of the functions. */
import type { Json } from '../../core/ids.ts';
import type { CheckpointAnswer } from '../../functions/intake/checkpoint.ts';
import type { IntakeAnswer } from '../../functions/intake/intake.ts';
import type { StandingAnswer } from '../../functions/status/standing.ts';
import { type AgentSpec, defineAgent } from '../../index.ts';
import { clerkTools } from './clerk.ts';
import { type Installation, type InstallationOptions, install, RUN } from './driver.ts';
import { type Outside, outsideWorld } from './outside.ts';

export type Driven = Awaited<ReturnType<typeof driven>>;

export async function driven(outside: Outside = outsideWorld(), more: Partial<InstallationOptions> & { spec?: Partial<AgentSpec> } = {}) {
	const { spec, ...options } = more;
	const agent = defineAgent({ name: 'clerk', tools: clerkTools(outside), entities: { Thing: {} }, policies: {}, ...spec });
	const desk = install({ agent, ...options });
	await desk.run(null);
	return { desk, outside, ...asking(desk) };
}

export function asking(desk: Installation) {
	const ask = async <T>(name: string, event: object): Promise<T> => (await desk.invoke(`clerk-${name}`, { run: RUN, ...event })) as T;
	return {
		take: (first: number, ...calls: unknown[]) => ask<IntakeAnswer>('intake', { first, calls }),
		save: (memory: Json, over?: number) => ask<CheckpointAnswer>('intake', { memory, ...(over !== undefined && { over }) }),
		ask: (...steps: number[]) => ask<StandingAnswer>('status', { steps: steps.map((step) => ({ step })), memory: true }),
		/** Starts the step's execution with ids, and with `call` where there is one; answers how it ended. */
		act: async (step: number, tool: string, { call, epoch = 0, hint = 0 }: { call?: unknown; epoch?: number; hint?: number } = {}) => {
			const ids = { run: RUN, agent: 'clerk', epoch, step, tool, function: `clerk_${tool.replace('.', '_')}`, hint };
			const name = `${RUN}.${step}.${desk.invocations.length}`;
			const started = desk.start('step', { name, run: RUN, input: { ...ids, ...(call !== undefined && { call }) } });
			return started.is === 'started' ? await started.ended : { is: 'exists' as const };
		},
	};
}
