/** What all agents of one deployment share: state machines, recovery, the desk where people answer, and the boundaries. */
import { Construct } from 'constructs';
import { resumeFunction } from '../../core/ids.ts';
import type { ledgerVariables, Variables } from '../../functions/lambda/environment.ts';
import { type DeploymentContext, namePrefix } from '../context.ts';
import { acknowledgeWildcards, payloadsSeenFrom } from './acknowledged.ts';
import { notifies } from './alarms.ts';
import { LedgerArchive } from './archive.ts';
import { Boundaries } from './boundaries.ts';
import { Desk } from './desk.ts';
import { BoundFunction, type Surroundings } from './function.ts';
import { Machines } from './machines.ts';
import { appendsTo, chains, readsRuns } from './permissions.ts';
import { Recovery } from './recovery.ts';
import type { ThroughlineStore } from './store.ts';

export type RuntimeProps = Pick<DeploymentContext, 'stage' | 'retentionDays'> & {
	/** Whoever is told of every alarm, of the audit's as well. */
	readonly alarmEmail?: string | undefined;
	/** How long after something happened all that was seen of it has come by the stream. */
	readonly reconcileDelaySeconds?: number;
	readonly store: ThroughlineStore;
};

const RESUME_SECONDS = 30;
const RECONCILE_DELAY_SECONDS = 1_200;
/** Why a function may reach the payloads of all runs. */
export const payloadsOfAnyRun =
	"Which run an invocation is about is known when it comes, and payloads are insert-only by their bucket's own policy.";

export class ThroughlineRuntime extends Construct {
	readonly store: ThroughlineStore;
	readonly machines: Machines;
	readonly desk: Desk;
	readonly recovery: Recovery;
	readonly archive: LedgerArchive;
	readonly boundaries: Boundaries;
	/** What every function of this deployment shares. */
	readonly surroundings: Surroundings;
	/** Names of the record, for the functions that reach it. */
	readonly ledgerEnvironment: Variables<typeof ledgerVariables>;

	constructor(scope: Construct, id: string, props: RuntimeProps) {
		super(scope, id);
		this.store = props.store;
		const { stage, retentionDays, store } = props;
		this.boundaries = new Boundaries(this, 'Boundaries', { prefix: namePrefix(stage), store });
		const notified = props.alarmEmail === undefined ? undefined : notifies(this, props.alarmEmail);
		this.surroundings = { stage, retentionDays, notified, boundary: this.boundaries.inside };
		this.ledgerEnvironment = {
			THROUGHLINE_LEDGER_TABLE: store.ledger.tableName,
			THROUGHLINE_KEYS_TABLE: store.keys.tableName,
			THROUGHLINE_PAYLOAD_BUCKET: store.payloads.bucketName,
		};
		acknowledgeWildcards(this, [payloadsSeenFrom(this, store, '*/*')], payloadsOfAnyRun);
		const { surroundings, ledgerEnvironment } = this;
		this.machines = new Machines(this, 'Machines', surroundings);
		const shared = { ...surroundings, store, machines: this.machines, ledgerEnvironment };
		this.recovery = new Recovery(this, 'Recovery', shared);
		this.archive = new LedgerArchive(this, 'Archive', {
			...surroundings,
			store,
			reconcileDelaySeconds: props.reconcileDelaySeconds ?? RECONCILE_DELAY_SECONDS,
		});
		this.desk = new Desk(this, 'Desk', shared);
		new BoundFunction(this, 'Resume', {
			...surroundings,
			name: resumeFunction,
			bundle: { kind: 'resume' },
			timeoutSeconds: RESUME_SECONDS,
			environment: ledgerEnvironment,
			statements: [...readsRuns(store, [chains.everything, chains.everyAgent]), appendsTo(store, [chains.runs])],
		});
	}
}
