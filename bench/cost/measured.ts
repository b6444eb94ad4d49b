/** A run of 1,000 steps through the shipped definitions and functions, over the shipped DynamoDB adapter, with everything counted. */
import { cedarPolicies } from '../../adapters/cedar/cedar-policies.ts';
import { dynamoClaims } from '../../adapters/dynamodb/claims.ts';
import { dynamoKeys } from '../../adapters/dynamodb/keys.ts';
import { dynamoLedger } from '../../adapters/dynamodb/ledger.ts';
import type { Agent } from '../../core/agent/agent.ts';
import { guardFunction, planFunction, resumeFunction, toolFunction } from '../../core/ids.ts';
import { parseStored } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Store } from '../../core/ledger/read.ts';
import { verifyRun } from '../../core/ledger/verify.ts';
import type { Payloads } from '../../core/ports.ts';
import type { Issued } from '../../test/doubles/cloudtrail.ts';
import { install } from '../../test/doubles/driver.ts';
import { recordedHistory } from '../../test/doubles/history.ts';
import { type Charged, countedDynamo, noCharge, type Tables } from './counted-dynamodb.ts';
import { type Kind, STEPS, stepsAgent } from './steps-agent.ts';

/** Who made a request. `open` stands for whoever opened the run. */
export type Role = 'plan' | 'guard' | 'tool' | 'resume' | 'open';
export type RoleCount = { invocations: number; readonly dynamodb: Charged; s3Puts: number; s3Gets: number; sessions: number };
export type Measured = {
	readonly kind: Kind;
	readonly steps: number;
	readonly transitions: number;
	readonly executions: number;
	readonly mostEvents: number;
	readonly payloadBytes: number;
	readonly roles: Readonly<Record<Role, RoleCount>>;
};

/** As names and ids are in an account: what is stored of them is paid by the byte. */
const RUN = '01K9Z3NDEKTSV4RRFFQ69G5FAV';
const GENERATION = '3f0c1d7e-5b64-4a5e-9d0e-6f2f5a1b7c88';
const [LEDGER, KEYS] = ['ledger', 'keys'];

/** The same run, with what it left: for whoever counts what is done with that. */
export type Played = {
	readonly measured: Measured;
	readonly agent: Agent;
	readonly run: string;
	readonly sessions: readonly Issued[];
	/** The ports over what is stored, charged to `charged`. */
	readonly storeFor: (charged: Charged) => Pick<Store, 'ledger' | 'claims' | 'keys' | 'payloads'>;
	readonly entries: readonly StoredEntry[];
};

export const measure = async (kind: Kind): Promise<Measured> => (await played(kind)).measured;

export async function played(kind: Kind): Promise<Played> {
	const agent = stepsAgent(kind);
	const tables: Tables = new Map();
	const payloads = new Map<string, Uint8Array>();
	const counted = (): RoleCount => ({ invocations: 0, dynamodb: noCharge(), s3Puts: 0, s3Gets: 0, sessions: 0 });
	const roles: Record<Role, RoleCount> = { plan: counted(), guard: counted(), tool: counted(), resume: counted(), open: counted() };
	const [tool] = [...agent.tools.keys()];
	const roleOf = new Map<string, Role>([
		[planFunction(agent.name), 'plan'],
		[guardFunction(agent.name, tool ?? ''), 'guard'],
		[toolFunction(agent.name, tool ?? ''), 'tool'],
		[resumeFunction, 'resume'],
	]);
	const portsOf = (count: RoleCount) => {
		const client = countedDynamo(tables, count.dynamodb);
		const realName = (declared: string) => `table-${declared}`;
		return {
			ledger: dynamoLedger({ client, as: () => client, table: LEDGER ?? '', generation: GENERATION, realName }),
			claims: dynamoClaims(client, LEDGER ?? ''),
			keys: dynamoKeys(client, KEYS ?? ''),
			payloads: countedPayloads(payloads, count),
		};
	};
	const history = recordedHistory();
	const desk = install({
		agent,
		policies: cedarPolicies({ agent }),
		observe: history.observe,
		store: (store, name) => ({ ...store, ...portsOf(roles[roleOf.get(name) ?? 'tool']) }),
	});
	Object.assign(desk.operator.store, portsOf(roles.open));
	await desk.run({ steps: STEPS }, RUN);

	for (const { function: name } of desk.invocations) roles[roleOf.get(name) ?? 'tool'].invocations += 1;
	roles.guard.sessions = desk.issuer.issued.length;
	const entries = wholeOrThrow(tables);
	const executions = history.executions();
	const measured: Measured = {
		kind,
		steps: STEPS,
		transitions: executions.reduce((sum, { transitions }) => sum + transitions, 0),
		executions: executions.length,
		mostEvents: Math.max(...executions.map(({ events }) => events)),
		payloadBytes: [...payloads.values()].reduce((sum, { length }) => sum + length, 0),
		roles,
	};
	const storeFor = (charged: Charged) => portsOf({ invocations: 0, dynamodb: charged, s3Puts: 0, s3Gets: 0, sessions: 0 });
	return { measured, agent, run: RUN, sessions: desk.issuer.issued, storeFor, entries };
}

const countedPayloads = (payloads: Map<string, Uint8Array>, count: RoleCount): Payloads => ({
	put: async (name, bytes) => {
		count.s3Puts += 1;
		if (!payloads.has(name)) payloads.set(name, bytes.slice());
	},
	get: async (name) => {
		count.s3Gets += 1;
		return payloads.get(name)?.slice();
	},
});

/** What is counted is a run that went well: every step done, in a chain that verifies. */
function wholeOrThrow(tables: Tables): StoredEntry[] {
	const entries = [...(tables.get(LEDGER ?? '') ?? new Map()).values()]
		.filter((item) => item.pk?.S === `run#${RUN}`)
		.map((item) => ({ chain: RUN, place: Number(item.sk?.S), body: item.body?.S ?? '' }))
		.toSorted((one, other) => one.place - other.place);
	const done = entries.filter((stored) => {
		const parsed = parseStored(stored);
		return 'entry' in parsed && parsed.entry.kind === 'outcome' && parsed.entry.result === 'done';
	});
	const check = verifyRun(RUN, entries);
	if (done.length !== STEPS || check.is !== 'whole')
		throw new Error(`${done.length} of ${STEPS} steps are done, and the ledger is ${check.is}`);
	return entries;
}
