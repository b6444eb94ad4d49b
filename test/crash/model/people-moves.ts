/** What comes from outside an execution: recoverers, persons, freezes, closing, policies that change, time. */
import { openAttempts, type StepState } from '../../../core/ledger/state.ts';
import type { Answer } from '../../../functions/decide/decide.ts';
import type { ResumeAnswer } from '../../../functions/resume/resume.ts';
import { answered, brokenByThrowing, settled } from './landing.ts';
import type { Call } from './shipped.ts';
import {
	allSteps,
	type FunctionProcess,
	indexOf,
	joined,
	type Move,
	replaced,
	runs,
	type Setting,
	spent,
	stateOf,
	truthOf,
	type World,
} from './world.ts';

export async function outsideMoves(setting: Setting, world: World): Promise<Move[]> {
	const moves: Move[] = [];
	const { left } = world;
	for (const run of runs.slice(0, setting.scenario.runs)) {
		if (left.resumes > 0 && mayRecover(setting, world, run))
			moves.push(...(await called(setting, spent(world, 'resumes'), { fn: 'resume', run, reason: 'recovery' })));
		if (left.closes > 0) moves.push(...(await called(setting, spent(world, 'closes'), { fn: 'close', run })));
		if (setting.scenario.freezes === 'run') moves.push(...(await frozenRun(setting, world, run)));
		if (left.answers > 0 && !busy(world, 'decide')) moves.push(...(await answers(setting, world, run)));
	}
	if (setting.scenario.freezes === 'agent') moves.push(...frozenAgent(world));
	if (left.policyChanges > 0)
		for (const policy of setting.scenario.policies)
			if (policy !== world.policy) moves.push({ says: `the policies now ${policy}`, world: spent({ ...world, policy }, 'policyChanges') });
	return moves;
}

const busy = (world: World, fn: Call['fn']): boolean =>
	world.processes.some((process) => process.is === 'function' && process.call.call.fn === fn);

/** The rule, the sweeper, a person: whoever finds that no execution of the present epoch is alive, or does not look. */
function mayRecover(setting: Setting, world: World, run: string): boolean {
	if (setting.scenario.spurious) return true;
	const { epoch } = stateOf(world, run);
	const alive = world.processes.some(
		(process) => process.run === run && ((process.is === 'run' && process.epoch === epoch) || isRecovery(process)),
	);
	return !alive;
}
const isRecovery = (process: World['processes'][number]): boolean => process.is === 'function' && process.call.call.fn === 'resume';

/** A function is called and reads. What answers at once, without writing, has changed nothing. */
async function called(setting: Setting, world: World, call: Call): Promise<Move[]> {
	const running = await settled({ setting, world }, await setting.shipped.begun(call));
	const { run } = call;
	const broken = brokenByThrowing(running);
	if (running.now.is !== 'asks' && !broken) return [];
	const process: FunctionProcess = { is: 'function', run, epoch: -1, heard: false, call: running, starts: null };
	return [{ says: `${run}: ${inWords(call)}`, world: joined(world, process), broken }];
}

function inWords(call: Call): string {
	if (call.fn === 'decide') return `a person says ${call.answer.is} of step ${call.answer.step}`;
	return call.fn === 'resume' ? 'a recoverer reads' : `somebody asks to ${call.fn} it`;
}

async function frozenRun(setting: Setting, world: World, run: string): Promise<Move[]> {
	if (busy(world, 'freeze') || busy(world, 'thaw')) return [];
	if (stateOf(world, run).frozen) return called(setting, world, { fn: 'thaw', run });
	return world.left.freezes > 0 ? called(setting, spent(world, 'freezes'), { fn: 'freeze', run }) : [];
}

function frozenAgent(world: World): Move[] {
	if (world.frozen) return [{ says: 'the agent is thawed', world: { ...world, frozen: false } }];
	return world.left.freezes > 0 ? [{ says: 'the agent is frozen', world: spent({ ...world, frozen: true }, 'freezes') }] : [];
}

/** A person looks at the world and says what is so, or lies; whether they are asked is for `decide` to know. */
async function answers(setting: Setting, world: World, run: string): Promise<Move[]> {
	const state = stateOf(world, run);
	const moves: Move[] = [];
	for (const step of allSteps(state)) {
		const contradicted = state.contradictions.some((other) => other.step === step.step);
		for (const { answer, lie } of answersTo(world, run, step, contradicted)) {
			const paid = spent(lie ? spent(world, 'lies') : world, 'answers');
			moves.push(...(await called(setting, paid, { fn: 'decide', run, answer })));
		}
	}
	return moves;
}

function answersTo(world: World, run: string, step: StepState, contradicted: boolean): { answer: Answer; lie: boolean }[] {
	const about = { step: step.step, note: '' };
	if (!contradicted && step.end) return [];
	const approval = step.hold?.for === 'approval' && !step.hold.answered;
	if (approval && !contradicted) {
		return [
			{ answer: { is: 'approve', ...about }, lie: false },
			{ answer: { is: 'refuse', ...about }, lie: false },
		];
	}
	if (!contradicted && openAttempts(step).length === 0) return [];
	const happened = truthOf(world, run, step.step).effects > 0;
	const said = (done: boolean): Answer => (done ? { is: 'done', ...about, result: null } : { is: 'failed', ...about });
	return [{ answer: said(happened), lie: false }, ...(world.left.lies > 0 ? [{ answer: said(!happened), lie: true }] : [])];
}

/** A function that nobody's execution waits for goes on. */
export async function functionMoves(setting: Setting, world: World, process: FunctionProcess): Promise<Move[]> {
	if (process.starts !== null) return [started(world, process, process.starts), gone(world, process)];
	const landed = await answered(setting, world, { call: process.call, age: 0 });
	const says = `${process.run}: ${process.call.call.fn}: ${landed.says}`;
	if (landed.broken) return [{ says, world: landed.world, broken: landed.broken }];
	const next: FunctionProcess = { ...process, call: landed.call };
	const { now } = landed.call;
	const after = replaced(landed.world, process, next);
	if (now.is === 'asks') return [{ says, world: after }];
	if (now.is === 'threw') return [{ says, world: replaced(after, next), broken: brokenByThrowing(landed.call) }];
	const answer = now.answer as ResumeAnswer;
	if (process.call.call.fn !== 'resume' || answer.next !== 'start') return [{ says, world: replaced(after, next) }];
	return [{ says, world: replaced(after, next, { ...next, starts: answer.epoch }) }];
}

/** Dies between recording an epoch and starting it: the sweeper finds a run without progress. */
const gone = (world: World, process: FunctionProcess): Move => ({
	says: `${process.run}: the recoverer dies before it starts epoch ${process.starts}`,
	world: replaced(world, process),
});

/** recover.asl: `Start`. That it was started already is success. */
function started(world: World, process: FunctionProcess, epoch: number): Move {
	const { run } = process;
	const index = indexOf(run);
	const says = `${run}: the execution of epoch ${epoch} is started`;
	if (world.started[index]?.includes(epoch)) return { says: `${says} already`, world: replaced(world, process) };
	const names = world.started.map((epochs, at) => (at === index ? [...epochs, epoch].sort() : epochs));
	return { says, world: { ...replaced(world, process, { is: 'run', run, epoch, at: 'plan' }), started: names } };
}
