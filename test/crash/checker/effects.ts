/** From the sinks' journals: what happened too often, and what arrived that nothing had granted. */
import type { Effect } from '../../doubles/outside.ts';
import { type Account, same } from './account.ts';
import type { Finding } from './finding.ts';
import type { Wanted } from './seen.ts';
import { actsAtSink, toolNamed, type World, wantedOf } from './world.ts';

export const duplicated = (world: World): Finding[] => [...tooOften(world), ...byBusinessKey(world), ...items(world)];

type Group = { readonly effect: Effect; times: number };

/** As the business sees it: this run, this sink, this input. Step numbers are the engine's own affair. */
function tooOften({ seen, accounts }: World): Finding[] {
	const groups: Group[] = [];
	for (const effect of seen.journal.effects) {
		if (!seen.agent.tools.some((tool) => tool.sink === effect.sink && actsAtSink(tool))) continue;
		const group = groups.find(({ effect: other }) => isSame(other, effect));
		if (group) group.times += 1;
		else groups.push({ effect, times: 1 });
	}
	return groups.flatMap(({ effect, times }): Finding[] => {
		const { run, step, sink } = effect;
		const asked = (accounts.find((account) => account.seen.run === run)?.seen.wanted ?? []).filter(
			({ tool, input }) => toolNamed(seen, tool)?.sink === sink && same(input, effect.input),
		);
		if (times <= asked.length) return [];
		if (asked.length === 0) return [{ kind: 'effect-without-intent', run, step, says: `${sink} did what nobody had asked for` }];
		return [{ kind: 'duplicated', run, step, says: `${sink} did it ${times} times, asked for ${asked.length}` }];
	});
}

const isSame = (left: Effect, right: Effect): boolean =>
	left.sink === right.sink && left.run === right.run && same(left.input, right.input);

function byBusinessKey({ seen, accounts }: World): Finding[] {
	const first = new Map<string, string>();
	return seen.journal.effects.flatMap((effect): Finding[] => {
		const { run, step, sink } = effect;
		const wanted = accounts
			.find((account) => account.seen.run === run)
			?.seen.wanted.find(({ tool, input }) => toolNamed(seen, tool)?.sink === sink && same(input, effect.input));
		if (wanted?.key === undefined || !actsAtSink(toolNamed(seen, wanted.tool))) return [];
		const key = JSON.stringify([wanted.tool, wanted.key]);
		const holder = first.get(key);
		first.set(key, holder ?? run);
		// Twice within one run is `tooOften`.
		return holder && holder !== run ? [{ kind: 'duplicated', run, step, says: `${key} was done by ${holder} already` }] : [];
	});
}

type Sum = { readonly adds: NonNullable<Wanted['adds']>; readonly run: string; asked: number; told: number };

/** What transactions added to their items, beside what was asked for and what steps are recorded as done. */
function items({ seen, accounts }: World): Finding[] {
	const sums = new Map<string, Sum>();
	const sumOf = ({ adds }: Wanted, run: string): Sum | undefined => {
		if (!adds) return undefined;
		const target = JSON.stringify([adds.table, adds.key, adds.attribute]);
		const sum = sums.get(target) ?? { adds, run, asked: 0, told: 0 };
		sums.set(target, sum);
		return sum;
	};
	for (const account of accounts) {
		for (const wanted of account.seen.wanted) {
			const sum = sumOf(wanted, account.seen.run);
			if (sum) sum.asked += wanted.adds?.amount ?? 0;
		}
		for (const step of account.steps.values()) {
			const wanted = wantedOf(account, step);
			const sum = wanted && step.end?.result === 'done' ? sumOf(wanted, account.seen.run) : undefined;
			if (sum) sum.told += wanted?.adds?.amount ?? 0;
		}
	}
	return [...sums.values()].flatMap(({ adds, run, asked, told }): Finding[] => {
		const held = Number(seen.state.items.get(JSON.stringify([adds.table, adds.key]))?.[adds.attribute] ?? 0);
		const says = `${adds.table} ${adds.key} holds ${held} ${adds.attribute}; asked for ${asked}, recorded as done ${told}`;
		if (held > asked) return [{ kind: 'duplicated', run, says }];
		if (held < told) return [{ kind: 'lost', run, says }];
		return held > told ? [{ kind: 'audit-differs', run, says }] : [];
	});
}

/** S1: every call that arrived was granted by a decision that was durable by then, and is the call that was decided on. */
export function withoutIntent({ seen, accounts }: World): Finding[] {
	const arrived = seen.journal.arrived.flatMap((call): Finding[] => {
		const why = whyNotGranted(
			call,
			accounts.find((account) => account.seen.run === call.run),
		);
		return why === undefined
			? []
			: [{ kind: 'effect-without-intent', run: call.run, step: call.step, says: `a call at ${call.sink}: ${why}` }];
	});
	const granted = new Set(
		accounts.flatMap(({ entries }) =>
			entries.flatMap((entry) => (entry.kind === 'decision' && entry.grant ? [entry.grant.accessKeyId] : [])),
		),
	);
	const handed = seen.handedOut.filter(({ run, credentials }) => {
		const arrivedToo = seen.journal.arrived.some((call) => call.run === run && call.accessKeyId === credentials.accessKeyId);
		return !granted.has(credentials.accessKeyId) && !arrivedToo;
	});
	return [
		...arrived,
		...handed.map(({ run, step, credentials }): Finding => {
			return { kind: 'effect-without-intent', run, step, says: `${credentials.accessKeyId} was handed out and stands in no decision` };
		}),
	];
}

function whyNotGranted(call: Effect, account: Account | undefined): string | undefined {
	const step = account?.steps.get(call.step);
	if (!step) return 'no intent names its step';
	const grant = step.attempts.find(({ accessKeyId }) => accessKeyId === call.accessKeyId);
	if (!grant) return 'no decision grants its session';
	if (call.stood >= 0 && grant.place >= call.stood) return `its decision, at place ${grant.place}, was not durable when it came`;
	return step.input !== undefined && !same(step.input, call.input) ? 'its input is not the one that was recorded' : undefined;
}
