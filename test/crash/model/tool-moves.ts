/** What a tool's process and its guard do: ask, be handed out a grant, act at the target, report; alive, orphaned or dead. */
import type { GuardAnswer, Report, StepStatus } from '../../../functions/guard/protocol.ts';
import { allDelivered, failedBack, interrupted } from './delivery.ts';
import { brokenByEffect, brokenByHandingOut, brokenByTestimony } from './invariants.ts';
import { answered, brokenByThrowing, type Landed, settled } from './landing.ts';
import { handedOutPower, skewOf } from './power.ts';
import { HONOURED_SECONDS, TIMEOUT_SECONDS, VISIBLE_SECONDS } from './settings.ts';
import { type Move, replaced, type Setting, type StepExecution, spent, type ToolProcess, truthOf, type World, withTruth } from './world.ts';

const named = (process: ToolProcess): string =>
	`${process.run} step ${process.step} epoch ${process.epoch}${process.heard ? '' : ' (zombie)'}`;

/** A step's execution invokes its tool's function: its guard reads at once, under each clock it may have. */
export async function invoked(setting: Setting, world: World, execution: StepExecution): Promise<Move[]> {
	const { run, step, epoch, at } = execution;
	const moves: Move[] = [];
	for (const skew of setting.scenario.skews) {
		const ids = { run, step, epoch, skew };
		const call =
			at.next.state === 'act' ? ({ fn: 'act', ...ids } as const) : ({ fn: 'settle', ...ids, waitedFor: [...at.next.attempts] } as const);
		const began = replaced(world, execution, { ...execution, at: { is: 'invoking', next: at.next } });
		const running = await settled({ setting, world }, await setting.shipped.begun(call));
		const doing = { is: 'asking', call: running, age: 0, granted: null } as const;
		const process: ToolProcess = { is: 'tool', run, step, epoch, heard: true, life: TIMEOUT_SECONDS, doing };
		const says = `${named(process)}: ${call.fn}${skew ? ` by a clock ${skew} s ahead` : ''}`;
		moves.push(afterAsking(setting, { ...began, processes: [...began.processes, process] }, process, says));
	}
	return moves;
}

export async function toolMoves(setting: Setting, world: World, process: ToolProcess): Promise<Move[]> {
	const moves = await stepsOf(setting, world, process);
	if (process.heard && world.left.zombies > 0) {
		const orphan = { ...process, heard: false };
		const lost = replaced(world, process, orphan);
		moves.push({ says: `${named(process)}: its answer is lost, it goes on`, world: spent(failedBack(lost, process), 'zombies') });
	}
	if (!process.heard) moves.push({ says: `${named(process)}: dies`, world: replaced(world, process) });
	return moves;
}

function stepsOf(setting: Setting, world: World, process: ToolProcess): Promise<Move[]> {
	switch (process.doing.is) {
		case 'asking':
			return asked(setting, world, process, process.doing);
		case 'granted':
			return granted(setting, world, process, process.doing);
		case 'looking-up':
			return lookedUp(setting, world, process, process.doing);
		case 'reporting':
			return reported(setting, world, process, process.doing);
	}
}

type Of<Is extends ToolProcess['doing']['is']> = Extract<ToolProcess['doing'], { is: Is }>;

async function asked(setting: Setting, world: World, process: ToolProcess, doing: Of<'asking'>): Promise<Move[]> {
	const landed = await answered(setting, world, { call: doing.call, age: doing.age });
	const attempt = landed.entry?.kind === 'decision' ? landed.entry.attempt : undefined;
	// Frozen after the append: what is withdrawn is handed to nobody.
	const withdrawn = landed.call.now.is === 'asks' && landed.call.now.question.port === 'append';
	const age = landed.call.replies.length <= doing.call.replies.length ? 0 : doing.age;
	const next: ToolProcess = {
		...process,
		doing: { ...doing, call: landed.call, age, granted: withdrawn ? null : (attempt ?? doing.granted) },
	};
	const says = `${named(process)}: ${landed.says}`;
	if (landed.broken) return [{ says, world: landed.world, broken: landed.broken }];
	return [afterAsking(setting, replaced(landed.world, process, next), next, says)];
}

/** Stands still again, or is answered. */
function afterAsking(setting: Setting, world: World, process: ToolProcess, says: string): Move {
	if (process.doing.is !== 'asking') throw new Error('asks nothing');
	const { call, age } = process.doing;
	if (call.now.is === 'asks') return { says, world };
	if (call.now.is === 'threw')
		return { says: `${says}: ${call.now.name}`, world: failedBack(replaced(world, process), process), broken: brokenByThrowing(call) };
	const answer = call.now.answer as GuardAnswer;
	if (answer.is === 'status')
		return { says: `${says}: ${answer.status.status}`, world: allDelivered(replaced(world, process), process, answer.status) };
	if (answer.is === 'refused') return { says, world, broken: { invariant: 'a guard answers its tool', why: answer.why } };
	if (answer.is === 'look-up') {
		const doing = { is: 'looking-up', token: answer.token, attempts: answer.attempts } as const;
		return { says, world: replaced(world, process, { ...process, life: 0, doing }), broken: brokenByHandingOut(world, process, undefined) };
	}
	const power = handedOutPower(setting.scenario, { skew: skewOf(call), age, life: process.life });
	const doing = { is: 'granted', attempt: answer.attempt, token: answer.token, power, acted: false } as const;
	const broken = brokenByHandingOut(world, process, answer.attempt);
	return {
		says: `${says} and hands out attempt ${answer.attempt}`,
		world: replaced(world, process, { ...process, life: 0, doing }),
		broken,
	};
}

async function granted(setting: Setting, world: World, process: ToolProcess, doing: Of<'granted'>): Promise<Move[]> {
	const { scenario } = setting;
	const outside = scenario.effect !== 'read' && scenario.effect !== 'transaction';
	const moves: Move[] = [];
	if (outside && !doing.acted && doing.power > 0) moves.push(acted(setting, world, process, doing));
	if (!outside || doing.acted) {
		const writes = scenario.effect === 'transaction' && { writes: [{ table: 'things', key: 'one', add: { n: 1 } }] };
		moves.push(await reports(setting, world, process, { is: 'done', output: null, ...writes }));
	}
	if (!doing.acted && world.left.failures > 0)
		moves.push(await reports(setting, spent(world, 'failures'), process, { is: 'failed', reason: 'no' }));
	if (outside && !doing.acted && doing.power <= 0)
		moves.push({ says: `${named(process)}: its time is over`, world: failedBack(replaced(world, process), process) });
	return moves;
}

/** The target: within its time a key makes one effect; any other arrival makes another. */
function acted(setting: Setting, world: World, process: ToolProcess, doing: Of<'granted'>): Move {
	const truth = truthOf(world, process.run, process.step);
	const same = setting.scenario.effect === 'replay' && truth.effects > 0 && truth.age < HONOURED_SECONDS;
	const effects = truth.effects + (same ? 0 : 1);
	const after = { effects, acted: [...truth.acted, doing.attempt].sort(), age: truth.effects === 0 ? 0 : truth.age };
	const changed = withTruth(replaced(world, process, { ...process, doing: { ...doing, acted: true } }), process, after);
	const says = `${named(process)}: attempt ${doing.attempt} acts at the target${same ? ', which knows the key' : ''}`;
	return { says, world: changed, broken: brokenByEffect(changed, setting.scenario) };
}

async function reports(setting: Setting, world: World, process: ToolProcess, report: Report): Promise<Move> {
	const { doing, run, step } = process;
	if (doing.is !== 'granted' && doing.is !== 'looking-up') throw new Error('nothing to report');
	const call = await settled({ setting, world }, await setting.shipped.begun({ fn: 'report', run, step, token: doing.token, report }));
	const about = doing.is === 'granted' ? doing.attempt : null;
	const next: ToolProcess = { ...process, doing: { is: 'reporting', call, about, again: false } };
	return afterReporting(setting, replaced(world, process, next), next, `${named(process)}: reports ${report.is}`);
}

async function lookedUp(setting: Setting, world: World, process: ToolProcess, doing: Of<'looking-up'>): Promise<Move[]> {
	const { effects, age } = truthOf(world, process.run, process.step);
	const moves: Move[] = [];
	if (effects > 0) moves.push(await reports(setting, world, process, { is: 'found', output: null }));
	if (effects === 0 || age < VISIBLE_SECONDS) moves.push(await reports(setting, world, process, { is: 'absent' }));
	if (world.left.unanswered > 0) {
		const status: StepStatus = { status: 'in-doubt', waitSeconds: VISIBLE_SECONDS, attempts: [...doing.attempts] };
		moves.push({
			says: `${named(process)}: the target does not say`,
			world: spent(allDelivered(replaced(world, process), process, status), 'unanswered'),
		});
	}
	return moves;
}

async function reported(setting: Setting, world: World, process: ToolProcess, doing: Of<'reporting'>): Promise<Move[]> {
	const landed: Landed = await answered(setting, world, { call: doing.call, age: 0 });
	const next: ToolProcess = { ...process, doing: { ...doing, call: landed.call } };
	const says = `${named(process)}: ${landed.says}`;
	if (landed.broken) return [{ says, world: landed.world, broken: landed.broken }];
	const after = replaced(landed.world, process, next);
	const moves = [afterReporting(setting, after, next, says)];
	if (world.left.repeats > 0 && next.doing.is === 'reporting' && next.doing.call.now.is !== 'asks')
		moves.push(await repeated(setting, after, next, says));
	return moves;
}

/** The guard's answer was lost, and the same report arrives again. */
async function repeated(setting: Setting, world: World, process: ToolProcess, says: string): Promise<Move> {
	if (process.doing.is !== 'reporting') throw new Error('nothing to repeat');
	const call = await settled({ setting, world }, await setting.shipped.begun(process.doing.call.call));
	const next: ToolProcess = { ...process, doing: { ...process.doing, call, again: true } };
	return afterReporting(setting, spent(replaced(world, process, next), 'repeats'), next, `${says}; reports again`);
}

function afterReporting(_setting: Setting, world: World, process: ToolProcess, says: string): Move {
	if (process.doing.is !== 'reporting') throw new Error('reports nothing');
	const { call } = process.doing;
	if (call.now.is === 'asks') return { says, world };
	const gone = replaced(world, process);
	if (call.now.is === 'threw')
		return { says: `${says}: ${call.now.name}`, world: failedBack(gone, process), broken: brokenByThrowing(call) };
	const answer = call.now.answer as GuardAnswer;
	const broken = brokenByTestimony(world, process, answer);
	// step.asl tries nothing again after `GuardRefused`.
	if (answer.is !== 'status') return { says: `${says} (refused)`, world: interrupted(gone, process), broken };
	return { says: `${says} (${answer.status.status})`, world: allDelivered(gone, process, answer.status), broken };
}
