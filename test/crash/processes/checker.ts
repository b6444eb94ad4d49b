/**
 * Compares what the services outside have journaled with what the ledgers say. Trusts neither: what was done twice is
 * counted outside, by step and by what it was about. Anything off is a line; none is what every test here demands.
 */
import { idempotencyKey } from '../../../core/ledger/content.ts';
import type { Entry } from '../../../core/ledger/entry.ts';
import type { RunState, StepState } from '../../../core/ledger/state.ts';
import { offAboutCredits } from './checker-credits.ts';
import { offAboutGuesses } from './checker-guesses.ts';
import { ledgersOf, type Told } from './ledgers.ts';
import { includes, type Off } from './off.ts';
import { type Effect, effectsOf, sessionsOf } from './outside.ts';
import { PERSON } from './person.ts';
import { leaksIn } from './secrets.ts';
import { mayHappen } from './tickets.ts';

export type Places = { readonly directory: string; readonly worldDirectory: string; readonly said?: readonly string[] };
/** `runs` are those that have to be there, `taken` the answers that somebody was told were taken. */
export type Expected = { readonly runs?: readonly string[]; readonly taken?: readonly { run: string; place: number }[] };

export const whatIsOff = async (places: Places, runs: readonly string[] = []): Promise<string[]> =>
	(await findings(places, { runs })).off.map(({ what }) => what);

export async function findings(places: Places, expected: Expected) {
	const told = await ledgersOf(places.directory);
	return { off: await offIn(places, told, expected), told };
}

/** `told` is what the ledgers have been found to tell. */
export async function offIn({ directory, worldDirectory, said = [] }: Places, told: readonly Told[], { runs = [], taken = [] }: Expected) {
	const effects = effectsOf(worldDirectory);
	const missing = runs.filter((run) => !told.some((other) => other.run === run));
	const leaks = await leaksIn({ directories: [directory, worldDirectory], directory, told, said });
	return [
		...missing.map((run): Off => ({ is: 'lost', what: `${run}: was never opened` })),
		...told.flatMap((one) => offAboutRun(one, effects)),
		...told.flatMap(offAboutGuesses),
		...offAboutAnswers(told, taken),
		...offOutside(told, effects),
		...offAboutSessions(told, worldDirectory),
		...offAboutCredits(told, directory),
		...leaks.map((what): Off => ({ is: 'secret', what })),
	];
}

function offAboutRun({ run, check, inputs }: Told, effects: readonly Effect[]): Off[] {
	if (check.is === 'broken') return [{ is: 'forged', what: `${run}: the ledger is damaged at place ${check.place}: ${check.why}` }];
	const { state, steps } = check;
	const stuck = (what: string): Off => ({ is: 'stuck', what });
	return [
		...(state.closed?.how === 'finished' ? [] : [stuck(`${run}: ${state.closed?.how ?? 'has not ended'}`)]),
		...(state.frozen ? [stuck(`${run}: is frozen`)] : []),
		...state.contradictions.map(({ step }): Off => ({ is: 'forged', what: `${run} step ${step}: its records contradict each other` })),
		...[...steps.values()].flatMap((step) => offAboutStep({ run, state, step, input: inputs.get(step.step) }, effects)),
	];
}

/** Tools whose effects stand in a journal outside. */
const journaled: ReadonlySet<string> = new Set(['payments.refund', 'carrier.recall', 'mail.send']);
type Considered = { readonly run: string; readonly state: RunState; readonly step: StepState; readonly input: unknown };

function offAboutStep({ run, state, step, input }: Considered, effects: readonly Effect[]): Off[] {
	const name = `${run} step ${step.step} ${step.tool}`;
	if (!step.end) return [{ is: 'stuck', what: `${name}: has not ended` }];
	if (!journaled.has(step.tool)) return [];
	const made = effects.filter((effect) => effect.run === run && effect.step === step.step);
	const off: Off[] = [];
	const note = (is: Off['is'], what: string): void => void off.push({ is, what: `${name}: ${what}` });
	if (made.length > 1) note('doubled', `done ${made.length} times`);
	if (made.length > 0 && step.end.result !== 'done') note('guessed', `done, and the ledger says ${step.end.result}`);
	if (made.length === 0 && step.end.result === 'done') note('lost', 'the ledger says done, and nothing was done');
	for (const { tool, call, key } of made) {
		if (tool !== step.tool) note('forged', `was a ${tool} outside`);
		if (!includes(input, call)) note('forged', 'did something else than was recorded');
		if (key !== null && key !== idempotencyKey(state.root, step.step)) note('forged', 'came with the key of something else');
	}
	return off;
}

/** Whoever was told that an answer was taken finds it where it was said to stand. */
function offAboutAnswers(told: readonly Told[], taken: Expected['taken'] = []): Off[] {
	const entries = new Map(told.map(({ run, check }) => [run, check.is === 'whole' ? check.entries : []]));
	const stands = (entry: Entry | undefined): boolean =>
		(entry?.kind === 'approval' && entry.by === PERSON) || (entry?.kind === 'outcome' && entry.who === PERSON);
	return taken
		.filter(({ run, place }) => !stands(entries.get(run)?.[place]))
		.map(({ run, place }) => ({ is: 'lost', what: `${run}: the answer that was taken at place ${place} does not stand there` }));
}

/** As the shop's accountant would count, who knows the tickets and no ledger. */
function offOutside(told: readonly Told[], effects: readonly Effect[]): Off[] {
	const known = new Set(
		told.flatMap(({ run, check }) => (check.is === 'whole' ? [...check.steps.keys()].map((step) => `${run}.${step}`) : [])),
	);
	const strangers = effects.filter(({ run, step }) => !known.has(`${run}.${step}`));
	const counted = Map.groupBy(effects, ({ tool, about }) => `${tool} of ${about}`);
	return [
		...strangers.map(
			({ tool, about, run, step }): Off => ({
				is: 'forged',
				what: `${tool} of ${about}: made by step ${step} of ${run}, which is in no ledger`,
			}),
		),
		...[...counted].flatMap(([what, made]): Off[] => {
			const most = mayHappen(what);
			return made.length > most ? [{ is: 'doubled', what: `${what}: ${made.length} times, where the tickets ask for ${most}` }] : [];
		}),
	];
}

/** A1, I1: whoever was seen outside held a grant that is in the ledger, under the name it was granted to. */
function offAboutSessions(told: readonly Told[], worldDirectory: string): Off[] {
	const granted = new Map(told.flatMap(({ check }) => (check.is === 'whole' ? check.entries.flatMap(grantIn) : [])));
	return sessionsOf(worldDirectory).flatMap(({ service, kind, by }): Off[] => {
		if (!by) return [{ is: 'forged', what: `${service}: ${kind} for somebody without a session` }];
		const name = granted.get(by.accessKeyId);
		if (name === by.sessionName.replace(/\.l\d+$/, '.l')) return [];
		const whose = name === undefined ? 'no ledger grants' : `was granted to ${name}`;
		return [{ is: 'forged', what: `${service}: ${kind} under ${by.accessKeyId} of ${by.sessionName}, which ${whose}` }];
	});
}

function grantIn(entry: Entry): [accessKeyId: string, sessionName: string][] {
	if (entry.kind !== 'decision' || !entry.grant) return [];
	const { accessKeyId, role } = entry.grant;
	const { run, step, attempt } = entry;
	// A lookup's name counts the lookups of its step; which one it was is the role's to say.
	return [[accessKeyId, role.endsWith('-lookup') ? `${run}.${step}.l` : `${run}.${step}.${attempt}`]];
}
