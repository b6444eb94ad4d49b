/** Where a command finds its runs, and how a person's word gets there: a state directory, or a deployed account. */
import { agentChain, agentName, everythingChain } from '../core/ids.ts';
import { type CloseAnswer, close } from '../functions/close/close.ts';
import { type Answer, type DecideAnswer, decide } from '../functions/decide/decide.ts';
import { type FreezeAnswer, type FreezeEvent, freezeChain, freezeRun } from '../functions/freeze/freeze.ts';
import type { ReconcileSurroundings } from '../functions/reconcile/reconcile.ts';
import { type Desk, openDesk } from '../local/desk.ts';
import type { Scope } from './freezing.ts';
import type { Where } from './options.ts';
import { person } from './person.ts';
import type { RunReport } from './run-report.ts';

export type Place = {
	readonly desk: Desk;
	/** The place takes runs up by itself; nothing drives them here. */
	readonly deployed: Deployed | undefined;
	decide(run: string, answer: Answer): Promise<Exclude<DecideAnswer, { is: 'recorded' }> | { is: 'recorded'; by: string }>;
	close(run: string, reason: string): Promise<CloseAnswer>;
	freeze(scope: Scope, event: Pick<FreezeEvent, 'is' | 'reason'>): Promise<FreezeAnswer>;
};

/** What only a deployment does. */
export type Deployed = {
	/** @throws Fault */
	open(agent: string, task: { run: string; task: unknown }): Promise<OpenedThere>;
	/** Has a run taken up again, whoever drives it, and resolves when that has begun. */
	takeUp(run: string): Promise<void>;
	/** Starts a recovery of every run that could go on and that nothing drives; answers these. */
	sweep(): Promise<string[]>;
	/** What was seen there, and what the trail's files cover. @throws Fault where the outputs do not say */
	readonly seen: () => Pick<ReconcileSurroundings, 'witnesses' | 'coverage' | 'terms'>;
	/** Resolves when the run has ended or waits, or `seconds` are over. */
	rested(run: string, seconds: number): Promise<RunReport>;
};
export type OpenedThere =
	| { is: 'opened' }
	| { is: 'exists'; run: string; agent: string; same: boolean | null }
	| { is: 'refused'; why: string };

/** @throws DirectoryNotFound, DirectoryUnusable, LedgerUnavailable, Fault */
export async function openPlace(where: Where): Promise<Place> {
	if (where.outputs === undefined) return directoryAt(where.dir);
	const { deploymentAt } = await import('./deployment.ts');
	return deploymentAt(where.outputs);
}

/** Work with what only a deployment does. @throws Fault */
export async function withDeployed<T>(where: Where, work: (deployed: Deployed, desk: Desk) => Promise<T>): Promise<T> {
	const { desk, deployed } = await openPlace(where);
	if (!deployed) throw new TypeError('a state directory is no deployment');
	return work(deployed, desk).finally(() => desk.close());
}

function directoryAt(dir: string): Place {
	const desk = openDesk(dir);
	return {
		desk,
		deployed: undefined,
		decide: async (run, answer) => {
			const by = person();
			const said = await decide({ run, by, answer }, desk);
			return said.is === 'recorded' ? { is: 'recorded', by } : said;
		},
		close: (run, reason) => close({ run, by: person(), reason }, desk),
		freeze: (scope, event) => {
			const said = { ...event, by: person() };
			return scope.is === 'run' ? freezeRun(scope.run, said, desk) : freezeChain(chainOf(scope), said, desk.store);
		},
	};
}

const chainOf = (scope: Exclude<Scope, { is: 'run' }>): string =>
	scope.is === 'all' ? everythingChain : agentChain(agentName.parse(scope.agent));
