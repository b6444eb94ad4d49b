/** What the sweeper must leave alone: a run whose execution is under way, however long it has been quiet. */
import type { Entry } from '../../../core/ledger/entry.ts';
import { executionName } from '../../../functions/resume/resume.ts';
import { sweepFunction } from '../world/installation.ts';
import type { Performed } from '../world/perform.ts';
import type { World } from '../world/world.ts';

/** Of one action: the runs that a sweep has taken up, though something drove them before it began. */
export function takenUpThoughDriven(before: World, { invocations }: Performed): string[] {
	return invocations.flatMap(({ function: name, answer }) => {
		if (name !== sweepFunction) return [];
		const { recovered = [] } = Object(answer) as { recovered?: string[] };
		return recovered.filter((run) => isDriven(before, run)).map((run) => `swept: ${run} was taken up while it was driven`);
	});
}

function isDriven({ state, executions }: World, run: string): boolean {
	const entries = (state.chains.get(run) ?? []).map(({ body }) => JSON.parse(body) as Entry);
	const [opened] = entries;
	const whole = executions.filter((one) => one.run === run && one.within === undefined);
	if (opened?.kind !== 'opened') return false;
	if (opened.driver === 'outside') return whole.some(({ name }) => name.startsWith(`${run}.`));
	const epoch = entries.filter(({ kind }) => kind === 'resumed').length;
	return whole.some(({ machine, name }) => machine === 'agent-run' && name === executionName(run, epoch));
}
