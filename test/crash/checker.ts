/**
 * Compares what the services outside have journaled with what the ledgers say. Trusts neither: what was done twice is
 * counted outside, by step and by what it was about. Anything off is a line; none is what every test here demands.
 */

import { idempotencyKey } from '../../core/ledger/content.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import type { RunState, StepState } from '../../core/ledger/state.ts';
import { itemsOf, ledgersOf, type Told } from './ledgers.ts';
import { type Effect, effectsOf, sessionsOf } from './outside.ts';
import { leaksIn } from './secrets.ts';
import { mayHappen } from './tickets.ts';

export type Places = { readonly directory: string; readonly worldDirectory: string; readonly said?: readonly string[] };
/** `runs` are those that have to be there. */
export async function whatIsOff({ directory, worldDirectory, said = [] }: Places, runs: readonly string[] = []): Promise<string[]> {
	const told = await ledgersOf(directory);
	const effects = effectsOf(worldDirectory);
	return [
		...runs.filter((run) => !told.some((other) => other.run === run)).map((run) => `${run}: was never opened`),
		...told.flatMap((one) => offAboutRun(one, effects)),
		...offOutside(told, effects),
		...offAboutSessions(told, worldDirectory),
		...offAboutCredits(told, directory),
		...(await leaksIn({ directories: [directory, worldDirectory], directory, told, said })),
	];
}

function offAboutRun({ run, check, inputs }: Told, effects: readonly Effect[]): string[] {
	if (check.is === 'broken') return [`${run}: the ledger is damaged at place ${check.place}: ${check.why}`];
	const { state, steps } = check;
	return [
		...(state.closed?.how === 'finished' ? [] : [`${run}: ${state.closed?.how ?? 'has not ended'}`]),
		...(state.frozen ? [`${run}: is frozen`] : []),
		...state.contradictions.map(({ step }) => `${run} step ${step}: its records contradict each other`),
		...[...steps.values()].flatMap((step) => offAboutStep({ run, state, step, input: inputs.get(step.step) }, effects)),
	];
}

/** Tools whose effects stand in a journal outside. */
const journaled: ReadonlySet<string> = new Set(['payments.refund', 'carrier.recall', 'mail.send']);
type Considered = { readonly run: string; readonly state: RunState; readonly step: StepState; readonly input: unknown };

function offAboutStep({ run, state, step, input }: Considered, effects: readonly Effect[]): string[] {
	const name = `${run} step ${step.step} ${step.tool}`;
	if (!step.end) return [`${name}: has not ended`];
	if (!journaled.has(step.tool)) return [];
	const made = effects.filter((effect) => effect.run === run && effect.step === step.step);
	const off: string[] = [];
	if (made.length > 1) off.push(`${name}: done ${made.length} times`);
	if (made.length > 0 && step.end.result !== 'done') off.push(`${name}: done, and the ledger says ${step.end.result}`);
	if (made.length === 0 && step.end.result === 'done') off.push(`${name}: the ledger says done, and nothing was done`);
	for (const { tool, call, key } of made) {
		if (tool !== step.tool) off.push(`${name}: was a ${tool} outside`);
		if (!includes(input, call)) off.push(`${name}: did something else than was recorded`);
		if (key !== null && key !== idempotencyKey(state.root, step.step)) off.push(`${name}: came with the key of something else`);
	}
	return off;
}

const includes = (input: unknown, part: Effect['call']): boolean =>
	Object.entries(part).every(([name, value]) => (input as Record<string, unknown> | null)?.[name] === value);

/** As the shop's accountant would count, who knows the tickets and no ledger. */
function offOutside(told: readonly Told[], effects: readonly Effect[]): string[] {
	const known = new Set(
		told.flatMap(({ run, check }) => (check.is === 'whole' ? [...check.steps.keys()].map((step) => `${run}.${step}`) : [])),
	);
	const strangers = effects.filter(({ run, step }) => !known.has(`${run}.${step}`));
	const counted = Map.groupBy(effects, ({ tool, about }) => `${tool} of ${about}`);
	return [
		...strangers.map(({ tool, about, run, step }) => `${tool} of ${about}: made by step ${step} of ${run}, which is in no ledger`),
		...[...counted].flatMap(([what, made]) => {
			const most = mayHappen(what);
			return made.length > most ? [`${what}: ${made.length} times, where the tickets ask for ${most}`] : [];
		}),
	];
}

/** A1, I1: whoever was seen outside held a grant that is in the ledger, under the name it was granted to. */
function offAboutSessions(told: readonly Told[], worldDirectory: string): string[] {
	const granted = new Map(told.flatMap(({ check }) => (check.is === 'whole' ? check.entries.flatMap(grantIn) : [])));
	return sessionsOf(worldDirectory).flatMap(({ service, kind, by }) => {
		if (!by) return [`${service}: ${kind} for somebody without a session`];
		const name = granted.get(by.accessKeyId);
		if (name === by.sessionName.replace(/\.l\d+$/, '.l')) return [];
		return [
			`${service}: ${kind} under ${by.accessKeyId} of ${by.sessionName}, which ${name === undefined ? 'no ledger grants' : `was granted to ${name}`}`,
		];
	});
}

function grantIn(entry: Entry): [accessKeyId: string, sessionName: string][] {
	if (entry.kind !== 'decision' || !entry.grant) return [];
	const { accessKeyId, role } = entry.grant;
	const { run, step, attempt } = entry;
	// A lookup's name counts the lookups of its step; which one it was is the role's to say.
	return [[accessKeyId, role.endsWith('-lookup') ? `${run}.${step}.l` : `${run}.${step}.${attempt}`]];
}

/** Our own table: the grants that were committed, and the sums that they come to. */
function offAboutCredits(told: readonly Told[], directory: string): string[] {
	const items = itemsOf(directory, 'credits');
	const grants = new Map([...items].filter(([key]) => key.startsWith('grant#')));
	const sums = new Map<string, number>();
	for (const { customer, cents } of grants.values()) sums.set(String(customer), (sums.get(String(customer)) ?? 0) + Number(cents));
	const off: string[] = [];
	for (const [order, made] of Map.groupBy(grants.values(), ({ order }) => order))
		if (made.length > 1) off.push(`credits: order ${order} has ${made.length}, where one is all there may be`);
	for (const { run, check, inputs } of told) {
		if (check.is === 'broken') continue;
		for (const { step, tool, end } of check.steps.values()) {
			if (tool !== 'credits.grant') continue;
			const name = `${run} step ${step} ${tool}`;
			const item = grants.get(`grant#${idempotencyKey(check.state.root, step)}`);
			grants.delete(`grant#${idempotencyKey(check.state.root, step)}`);
			if (item && end?.result !== 'done') off.push(`${name}: is in the table, and the ledger says ${end?.result ?? 'nothing'}`);
			if (!item && end?.result === 'done') off.push(`${name}: the ledger says done, and the table has no trace of it`);
			const { customer, order, cents } = item ?? {};
			if (item && !includes(inputs.get(step), { customer: `${customer}`, order: `${order}`, amountCents: Number(cents) }))
				off.push(`${name}: committed something else than was recorded`);
		}
	}
	for (const key of grants.keys()) off.push(`credits: ${key} is of no step of ours`);
	const accounts = [...items].filter(([key]) => !key.startsWith('grant#'));
	for (const [customer, { cents }] of accounts)
		if (cents !== sums.get(customer)) off.push(`credits: ${customer} has ${cents} cents, by ${sums.get(customer) ?? 0} cents of grants`);
	for (const customer of sums.keys()) if (!items.has(customer)) off.push(`credits: ${customer} has grants and no account`);
	return off;
}
