/** docs/cost.md, made of what was counted, the price list and the assumptions, and of nothing else. */
import { type Bill, dataEvents, idle, kept, type Line, others, ours, total, usd } from './bill.ts';
import type { Assumed, Prices } from './inputs.ts';
import type { Measured, Role, RoleCount } from './measured.ts';

export type Costing = { readonly measured: readonly [Measured, ...Measured[]]; readonly prices: Prices; readonly assumed: Assumed };

const kindWords = {
	plain: 'a step of one small call',
	keyed: 'the same with a business key',
	large: 'the same with a result of 20 KB',
} as const;

export function costPage({ measured, prices, assumed }: Costing): string {
	const [plain] = measured;
	const bills = measured.map((one) => ours(one, assumed));
	const [plainBill = { name: '', lines: [] }] = bills;
	const theirs = others(assumed);
	const share = (name: string) =>
		percent(
			plainBill.lines.filter(({ what }) => what === name).reduce((sum, line) => sum + usd(line, prices), 0) / total(plainBill, prices),
		);
	return `${[
		'# What it costs',
		`Made by \`npm run cost\`; a test holds this page to what the script counts. Prices: ${prices.region}, ${prices.asOf}, ${prices.terms}. **Nothing here was measured in a real account.** Requests, item sizes, invocations, transitions and executions are counted in runs of ${number(plain.steps)} steps through the shipped state machines, functions and DynamoDB adapter; what a duration or a log line takes is assumed, and listed below.`,
		'## In short',
		table(
			['1,000 steps', 'USD', 'in USD a month, once kept'],
			[
				...measured.map((one, index) => [
					kindWords[one.kind],
					money(total(bills[index] ?? plainBill, prices)),
					money(total(kept(one), prices)),
				]),
				...theirs.map((bill) => [`*${bill.name}*`, money(total(bill, prices)), 'not counted']),
			],
		),
		`Idle: **${money(total(idle(assumed), prices))} a month**, most of it the KMS key. State transitions are ${share('state transitions')} of a small step, Lambda's time ${share('Lambda GB-seconds')}, the ledger's writes and reads ${share('DynamoDB write units')} and ${share('DynamoDB read units')}.`,
		"What a model and a tool's own work cost comes on top, here as anywhere; it is left out on all sides.",
		'## Where it goes',
		...bills.flatMap((bill, index) => [`### ${capital(kindWords[measured[index]?.kind ?? 'plain'])}`, billTable(bill, prices)]),
		`If CloudTrail records data events of the ledger's table: ${number(dataEvents(plain).count)} of them, ${money(usd(dataEvents(plain), prices))} more for 1,000 small steps.`,
		'### Idle, a month',
		billTable(idle(assumed), prices),
		'## Requests',
		`For 1,000 small steps with warm processes. ${number(plain.executions)} executions, of which the longest has ${number(plain.mostEvents)} of 25,000 history events.`,
		table(
			['who', 'invocations', 'Query', 'GetItem', 'PutItem', 'TransactWriteItems', 'AssumeRole', 'write units', 'read units'],
			requestRows(plain),
		),
		'A business key turns the decision into a transaction of two items, paid twice each, and adds a query. A result above 4 KB is put once and got once. STS charges nothing.',
		'## Beside others',
		'The same planner and the same tool, called in turn 1,000 times. None of these keeps a decision, a grant or a chain of evidence, and each runs an effect again, or loses it, when it is cut off between doing and recording: the figures compare prices, not what is bought.',
		...theirs.flatMap((bill) => [`### ${bill.name}`, sources[bill.name] ?? '', billTable(bill, prices)]),
		'Not known, and not counted: what Lambda durable functions keep of a history a month, how often a long execution is loaded again for a replay, and whether a retried step is one operation or several.',
		'## Assumed',
		assumptionsOf(assumed),
		'## Prices',
		'As AWS lists them publicly. Those that are not checked could be compared with no copy of the page when this was written; compare them before you rely on them.',
		table(
			['price', 'USD', 'for', 'by', 'checked against'],
			Object.values(prices.prices).map(({ usd: price, per, unit, source, checked }) => [
				unit,
				String(price),
				number(per),
				source,
				checked ?? '*not checked*',
			]),
		),
		'## Not counted',
		[
			'- Cold starts: a new guard reads its policies and describes the table; some 1 to 2 s of its memory each.',
			'- Lost races: steps side by side decide again when another has taken a place, and store a large result again each time.',
			'- Anything that went wrong: a retry is a transition, an invocation and its reads once more.',
			'- Waits cost nothing: a run that waits for a person has no execution.',
			'- Opening a run: one invocation, two writes. Data transfer.',
			'- The audit: the stack with the trail, its stream (paid by the hour), ingest, backfill and reconciling; and of the archive, an object and some reads an entry.',
		].join('\n'),
	].join('\n\n')}\n`;
}

const sources: Readonly<Record<string, string>> = {
	'Step Functions alone': 'Each state entered is a transition (AWS Step Functions pricing): a Task that plans, a Choice, a Task that acts.',
	'Step Functions and Powertools idempotency':
		'"Each function invocation will generally make 2 requests to DynamoDB. If the result returned by your Lambda is less than 1kb, you can expect 2 WCUs per invocation" (Powertools for AWS Lambda, Idempotency, "Info: DynamoDB"), around the tool.',
	'Lambda durable functions':
		'Planner and tool as two steps of one durable function, so two operations a step and one for the execution (AWS Lambda pricing names starting an execution and completing a step as operations; the count a step follows from that and was not measured).',
};

const billTable = (bill: Bill, prices: Prices): string =>
	table(
		['what', 'count', 'count is', 'USD'],
		[
			...bill.lines
				.filter(({ count }) => count > 0)
				.map((line: Line) => [line.what, amount(line.count), line.grounds, money(usd(line, prices))]),
			['**together**', '', '', `**${money(total(bill, prices))}**`],
		],
	);

function requestRows({ roles }: Measured): string[][] {
	const shown = (Object.entries(roles) as [Role, RoleCount][]).filter(
		([, { dynamodb, invocations }]) => invocations > 0 || dynamodb.writeUnits > 0,
	);
	return shown.map(([role, { invocations, dynamodb, sessions }]) => [
		role,
		number(invocations),
		...['Query', 'GetItem', 'PutItem', 'TransactWriteItems'].map((name) => number(dynamodb.requests[name] ?? 0)),
		number(sessions),
		number(dynamodb.writeUnits),
		number(dynamodb.readUnits),
	]);
}

function assumptionsOf({ latencyMs, computeMs, memoryMb, ...rest }: Assumed): string {
	return [
		`- A request takes: DynamoDB ${latencyMs.dynamodb} ms, S3 ${latencyMs.s3} ms, STS ${latencyMs.sts} ms, invoking a guard ${latencyMs.invoke} ms; one after the other, though some go side by side.`,
		`- A function computes for ${computeMs.plan} ms (planner), ${computeMs.tool} ms (tool), ${computeMs.guard} ms (guard), ${computeMs.plain} ms (the others' functions), with ${memoryMb.plan}, ${memoryMb.tool}, ${memoryMb.guard} and ${memoryMb.plain} MB as deployed. A tool is paid while it waits for its guard.`,
		`- Lambda writes ${rest.logBytesPerInvocation} bytes of log an invocation. DynamoDB and S3 ask KMS ${rest.kmsRequestsPer1000Steps} times for 1,000 steps, since both keep data keys for a while.`,
		`- A checkpoint of a durable function takes ${rest.durableCheckpointMs} ms and ${rest.durableBytesPerOperation} bytes. A sweep that finds nothing takes ${rest.sweepMs} ms.`,
	].join('\n');
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
	[heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const number = (value: number): string => Math.round(value).toLocaleString('en');
const amount = (value: number): string => (value >= 100 ? number(value) : value.toPrecision(3));
const money = (value: number): string => (value === 0 ? '0' : value < 0.0001 ? '< 0.0001' : value.toFixed(4));
const percent = (value: number): string => `${Math.round(value * 100)} %`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
