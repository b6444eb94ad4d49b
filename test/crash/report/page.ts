/** docs/reliability.md, made of one run's own report. `node test/crash/report/page.ts --check` says whether it still is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { method, notTested } from './method.ts';
import { type WholeReport, wholeReport } from './parts.ts';

const json = new URL('../../../docs/reliability.json', import.meta.url);
const markdown = new URL('../../../docs/reliability.md', import.meta.url);

/** Writes both files of `docs/`. */
export function publish(report: WholeReport): void {
	writeFileSync(json, `${JSON.stringify(report, null, '\t')}\n`);
	writeFileSync(markdown, pageOf(report));
}

export function pageOf(report: WholeReport): string {
	return `${[
		'# Reliability: how it was broken, and what came of it',
		`Made by \`npm run test:crash -- --publish\` from that run's own report, [reliability.json](reliability.json): commit ${report.commit}, ${report.date}, ${report.machine}, ${minutes(report.seconds)} in all. The same command repeats it; \`npm run test:crash\` alone is what CI does with every change.`,
		'## In short',
		table(['what', 'count'], inShort(report)),
		'## What was broken',
		'Faults that actually fired, not those that were planned.',
		table(['fault', 'explored', 'random schedules'], kinds(report)),
		'Real processes: how often it happened, how often while an attempt was open, and how often while an effect was made and not yet told.',
		table(['signal', 'fired', 'open attempt', 'untold effect'], signals(report)),
		`DynamoDB Local, by request: ${Object.entries(report.dynamodb.faultsFired)
			.map(([kind, targets]) => `${kind} ${number(sum(targets))}`)
			.join(', ')}; ${number(report.dynamodb.kills)} times \`kill -9\` of the database itself.`,
		'## Histories',
		'What callers were told. A run in which nothing succeeded is not counted.',
		table(['part', 'ok', 'fail', 'unknown'], histories(report)),
		'## Every crash point',
		table(['scenario', 'faults at a time', 'worlds', 'transitions', 'ends', 'faults fired'], scenarios(report)),
		'## Every state of the transitions',
		'The bounds of each stand in the JSON that the model writes.',
		table(['scenario', 'what it is', 'states', 'transitions', 'depth'], modelled(report)),
		'## Naive controls',
		'Each is the shipped code with one thing done as it is often done. The same checks must catch it.',
		table(['control', 'what it does', 'caught by'], controlled(report)),
		'## Method',
		method,
		'## Not tested',
		notTested(report.explore),
	].join('\n\n')}\n`;
}

function inShort(whole: WholeReport): Row[] {
	const { explore, schedules, processes, dynamodb, model, controls } = whole;
	const all = [...controls.controls, ...model.controls, ...dynamodb.controls];
	const alterations = whole['processes-controls'].controls.length + whole['processes-lies'].controls.length;
	return [
		['crash points broken ÷ existing', `${explore.crashPoints.covered} ÷ ${explore.crashPoints.existing}`],
		['worlds explored', number(total(explore.scenarios.map(({ states }) => states)))],
		['distinct random schedules', `${number(schedules.distinct)} (seed ${schedules.seed})`],
		['states of the transitions, to exhaustion', number(model.states)],
		['runs of real processes under SIGKILL and SIGSTOP', `${number(processes.runs)} (seed ${processes.seed})`],
		['runs on DynamoDB Local behind the fault proxy', `${number(dynamodb.runs)} (seed ${dynamodb.seed})`],
		['lost', number(processes.lost + dynamodb.lostWrites)],
		['silently duplicated', number(processes.duplicates + dynamodb.duplicated)],
		['guessed, stuck, forged; secrets found', number(processes.guessed + processes.stuck + processes.forged + processes.secrets)],
		['violations of any check while exploring', number(explore.violations)],
		['zombie writes: attempted = refused + testimony', zombies(schedules.zombieWrites)],
		['naive controls caught', `${all.filter(({ caught }) => caught).length} of ${all.length}`],
		['alterations and lying services that the checker of real processes found', number(alterations)],
	];
}

const zombies = ({ attempted, refused, testimony }: WholeReport['schedules']['zombieWrites']): string =>
	`${number(attempted)} = ${number(refused)} + ${number(testimony)}`;

function kinds({ explore, schedules }: WholeReport): Row[] {
	const explored: Record<string, number> = {};
	for (const { faultsFired } of explore.scenarios)
		for (const [kind, fired] of Object.entries(faultsFired)) explored[kind] = (explored[kind] ?? 0) + fired;
	const names = [...new Set([...Object.keys(explored), ...Object.keys(schedules.faultsFired)])];
	return names.map((kind) => [kind, number(explored[kind] ?? 0), number(schedules.faultsFired[kind] ?? 0)]);
}

const histories = ({ schedules, processes, dynamodb }: WholeReport): Row[] =>
	[schedules, processes, dynamodb].map(({ part, ok, fail, unknown }) => [part, number(ok), number(fail), number(unknown)]);

const signals = ({ processes }: WholeReport): Row[] =>
	Object.entries(processes.faults).map(([kind, { fired, withAnOpenAttempt, afterAnEffect }]) => [
		kind,
		number(fired),
		number(withAnOpenAttempt),
		number(afterAnEffect),
	]);

const scenarios = ({ explore }: WholeReport): Row[] =>
	explore.scenarios.map(({ name, faults, states, transitions, ends, faultsFired }) => [
		name,
		number(faults),
		number(states),
		number(transitions),
		number(ends),
		number(sum(faultsFired)),
	]);

const modelled = ({ model }: WholeReport): Row[] =>
	model.scenarios.map(({ scenario, says, states, transitions, depth }) => [
		scenario,
		says,
		number(states),
		number(transitions),
		number(depth),
	]);

const controlled = ({ controls, model, dynamodb }: WholeReport): Row[] =>
	[controls, model, dynamodb].flatMap(({ part, controls: some }) =>
		some.map(({ name, says, caught, by }) => [name, says, caught ? [part, ...by].join(': ') : '**not caught**']),
	);

type Row = readonly string[];
const table = (head: Row, rows: readonly Row[]): string => [head, head.map(() => '---'), ...rows].map(line).join('\n');
const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const number = (value: number): string => value.toLocaleString('en-GB');
const minutes = (seconds: number): string => `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
const total = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const sum = (record: Readonly<Record<string, number>>): number => total(Object.values(record));
if (import.meta.main && process.argv.includes('--check')) {
	const made = pageOf(wholeReport.parse(JSON.parse(readFileSync(json, 'utf8'))));
	if (made !== readFileSync(markdown, 'utf8')) {
		console.error('docs/reliability.md is not what docs/reliability.json makes: npm run test:crash -- --publish writes both');
		process.exitCode = 1;
	}
}
