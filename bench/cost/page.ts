/** docs/cost.md, made of what was counted, the price list and the assumptions, and of nothing else. */
import { auditIdle, auditKept, auditOf } from './audit-bill.ts';
import type { Audited } from './audited.ts';
import { type Bill, idle, kept, type Line, others, ours, total, usd } from './bill.ts';
import type { Assumed, Prices } from './inputs.ts';
import type { Measured, Role, RoleCount } from './measured.ts';

export type Costing = {
	readonly measured: readonly [Measured, ...Measured[]];
	readonly audited: Audited;
	readonly prices: Prices;
	readonly assumed: Assumed;
};

const kindWords = {
	plain: 'a step of one small call',
	keyed: 'the same with a business key',
	large: 'the same with a result of 20 KB',
} as const;

export function costPage({ measured, audited, prices, assumed }: Costing): string {
	const [plain] = measured;
	const auditing = { measured: plain, audited, assumed };
	const [audit, auditLasting, standing] = [auditOf(auditing), auditKept(auditing), auditIdle(assumed)];
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
				['the audit of a step of one small call', money(total(audit, prices)), money(total(auditLasting, prices))],
				...theirs.map((bill) => [`*${bill.name}*`, money(total(bill, prices)), 'not counted']),
			],
		),
		`Idle: **${money(total(idle(assumed), prices))} a month**, most of it the KMS key; with the audit's stack **${money(total(idle(assumed), prices) + total(standing, prices))}**, most of it the stream, which is paid by the hour. State transitions are ${share('state transitions')} of a small step, Lambda's time ${share('Lambda GB-seconds')}, the ledger's writes and reads ${share('DynamoDB write units')} and ${share('DynamoDB read units')}.`,
		"What a model and a tool's own work cost comes on top, here as anywhere; it is left out on all sides.",
		'## Where it goes',
		...bills.flatMap((bill, index) => [`### ${capital(kindWords[measured[index]?.kind ?? 'plain'])}`, billTable(bill, prices)]),
		'### The audit of 1,000 small steps',
		`One run, closed, with ${number(audited.entries)} entries and ${number(audited.issues)} sessions: its events taken in, its entries archived, and it reconciled ${assumed.audit.visitsPerRun} times: once it is closed, when its hour is over, when the trail's files are read, and two days later. On top of the above.`,
		billTable(audit, prices),
		'And a month, as long as it is kept, since the archive compares all entries with the table once a day:',
		billTable(auditLasting, prices),
		'### Idle, a month',
		billTable(idle(assumed), prices),
		`The audit's stack on top, with ${assumed.audit.agents} agents:`,
		billTable(standing, prices),
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
			"- Of the audit: management events other than AssumeRole by guards, which CloudTrail delivers once for nothing and CloudWatch Logs takes in at its price; whatever else the account's trail sees; the trail's files and what backfill reads of them; keeping the trail's log; the stream's retention beyond a day; events of what tools do.",
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

function assumptionsOf({ latencyMs, computeMs, memoryMb, audit, ...rest }: Assumed): string {
	return [
		`- A request takes: DynamoDB ${latencyMs.dynamodb} ms, S3 ${latencyMs.s3} ms, STS ${latencyMs.sts} ms, invoking a guard ${latencyMs.invoke} ms; one after the other, though some go side by side.`,
		`- A function computes for ${computeMs.plan} ms (planner), ${computeMs.tool} ms (tool), ${computeMs.guard} ms (guard), ${computeMs.plain} ms (the others' functions), with ${memoryMb.plan}, ${memoryMb.tool}, ${memoryMb.guard} and ${memoryMb.plain} MB as deployed. A tool is paid while it waits for its guard.`,
		`- Lambda writes ${rest.logBytesPerInvocation} bytes of log an invocation. DynamoDB and S3 ask KMS ${rest.kmsRequestsPer1000Steps} times for 1,000 steps, since both keep data keys for a while.`,
		`- Of the audit: an event of the ledger has ${audit.ledgerEventBytes} bytes, as PutItem in AWS's documentation; AssumeRole ${audit.issueEventBytes}, the mean of 49 in a real account, and its policy and tags besides, as counted. Events come to ingest by ${audit.eventsPerInvocation}, entries to the archive by ${audit.entriesPerInvocation}; nothing is taken off for compression in the stream. An event takes ${audit.computeMsPerEvent} ms, an entry in reconciling ${audit.computeMsPerEntry} ms. Ingest and reconcile have ${audit.memoryMb.ingest} MB as deployed, the archive ${audit.memoryMb.archive} MB.`,
		`- Idle: a round takes ${audit.roundMs} ms and ${audit.readUnitsPerRound} reads, a backfill ${audit.backfillMs / 1_000} s. Lambda polls each agent's queue with five requests of 20 s at a time, whether anything is there or not. CloudTrail puts a digest an hour for each of 17 regions.`,
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
