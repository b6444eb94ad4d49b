/** What may befall a call of each port, machine and bystander: the faults that make sense there. */
import { type Fault, faults } from '../../../adapters/memory/faults.ts';

/**
 * What may happen to a call besides `faults`. `hang-…`: no answer until the runtime ends the process. `in-flight`: the process
 * ends, and its request arrives when it will. `fails`: the target says that it did nothing. `says-unknown`: it cannot tell.
 * `late`: a day and an hour pass before the call. `host-…`: everything under way ends with it. `overtaken`: somebody else who
 * could act goes first.
 */
type Other = 'hang-before' | 'hang-after' | 'in-flight' | 'fails' | 'says-unknown' | 'late' | 'host-before' | 'host-after' | 'overtaken';
export type Kind = Fault | Other;

const storage: readonly Kind[] = [...faults, 'overtaken'];
const door: readonly Kind[] = [...faults, 'hang-before', 'hang-after', 'overtaken'];
/** A target that knows no keys cannot tell a request that its network delivers twice: no protocol can. */
export const unkeyed: readonly Kind[] = [
	'crash-before',
	'crash-after',
	'unavailable',
	'unknown-written',
	'hang-before',
	'hang-after',
	'in-flight',
	'fails',
	'overtaken',
];

export const kindsAt = {
	'ledger.read': storage,
	'ledger.latest': storage,
	'ledger.append': storage,
	'claims.latest': storage,
	'keys.create': storage,
	'keys.get': storage,
	'keys.destroy': storage,
	'payloads.put': storage,
	'payloads.get': storage,
	'issuer.issue': storage,
	'runs.list': storage,
	'executions.start': storage,
	'executions.isRunning': storage,
	'executions.running': storage,
	'guard.ask': door,
	'planner.ask': ['crash-before', 'crash-after', 'unavailable', 'unknown-written', 'retried', 'hang-after', 'overtaken'],
	'sink.act': [...unkeyed, 'retried', 'twice'],
	'sink.look-up': ['crash-before', 'crash-after', 'unavailable', 'unknown-written', 'says-unknown', 'hang-after', 'overtaken'],
	'machine.invoke': [...faults, 'late', 'host-before', 'host-after', 'overtaken'],
	'machine.start': faults,
	/** The rule, the sweeper or whoever answered starts a recovery: that may come to nothing, or come twice. */
	'environment.start': ['crash-before', 'twice'],
	/** Whoever called by hand hears the answer, or never does. */
	'operator.told': ['crash-before'],
} as const satisfies { readonly [at: string]: readonly Kind[] };
export type At = keyof typeof kindsAt;

const reads: ReadonlySet<At> = new Set<At>([
	'ledger.read',
	'ledger.latest',
	'claims.latest',
	'keys.get',
	'payloads.get',
	'runs.list',
	'executions.isRunning',
	'executions.running',
]);
/** Throttled, or not arrived: a machine is told the same. */
const machineCalls: ReadonlySet<At> = new Set<At>(['machine.invoke', 'machine.start']);
const alike: ReadonlySet<Kind> = new Set<Kind>(['crash-after', 'unknown-written', 'retried', 'twice']);

/**
 * Whether this leaves the same world and the same processes behind as another kind does, or as none: a call that changes
 * nothing may be made twice, and whether the process ended, or the answer was lost, before or after it is all one.
 */
export const isLikeAnother = (at: At, kind: Kind): boolean =>
	(reads.has(at) && alike.has(kind)) || (kind === 'unknown-not-written' && machineCalls.has(at));
