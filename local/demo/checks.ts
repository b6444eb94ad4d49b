/** Compares the ledgers with what the services journaled. Anything off is a line here, and an exit code of 1. */
import type { StepState } from '../../core/ledger/state.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import type { Ledger, Runs } from '../../core/ports.ts';
import { wholeChain } from '../../functions/whole-chain.ts';
import { openDesk } from '../desk.ts';
import { allRuns } from '../interrupted.ts';
import { type Effect, effectsOf } from './outside.ts';

/** Tools whose effects stand in a journal outside. */
const journaled = new Set(['payments.refund', 'carrier.recall', 'mail.send']);

export async function whatIsOff(directory: string, worldDirectory: string): Promise<string[]> {
	const desk = openDesk(directory);
	try {
		return await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, worldDirectory);
	} finally {
		desk.close();
	}
}

/** The same of ledgers anywhere. */
export async function whatIsOffIn({ runs, ledger }: { runs: Runs; ledger: Ledger }, worldDirectory: string): Promise<string[]> {
	const effects = effectsOf(worldDirectory);
	const off: string[] = [];
	for await (const run of allRuns(runs)) {
		const checked = verifyRun(run, await wholeChain(run, { ledger }));
		if (checked.is === 'broken') off.push(`${run}: the ledger is damaged at place ${checked.place}: ${checked.why}`);
		else
			off.push(
				...[...checked.steps.values()].flatMap((step) => offAbout(run, step, effects)),
				...(checked.state.closed ? [] : [`${run}: has not ended`]),
			);
	}
	const strangers = effects.filter((effect) => effect.run === 'unknown');
	return [...off, ...strangers.map((effect) => `${effect.service}: an effect that no run of ours made (${effect.what})`)];
}

function offAbout(run: string, step: StepState, effects: readonly Effect[]): string[] {
	if (!journaled.has(step.tool)) return [];
	const made = effects.filter((effect) => effect.run === run && effect.step === step.step).length;
	const name = `${run} step ${step.step} ${step.tool}`;
	if (made > 1) return [`${name}: done ${made} times`];
	if (made === 1 && step.end?.result !== 'done') return [`${name}: done, and the ledger says ${step.end?.result ?? 'nothing'}`];
	if (made === 0 && step.end?.result === 'done') return [`${name}: the ledger says done, and nothing was done`];
	return [];
}
