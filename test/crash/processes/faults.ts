/** What a storm does to processes, and what it met: each fault one signal, or a stop with its waking. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServiceName, serviceNames } from '../../../agents/refund-desk/world/services.ts';
import { guardFunction, toolFunction } from '../../../core/ids.ts';
import type { Started } from '../../../local/demo/command.ts';
import { treeOf } from '../../../local/processes.ts';
import type { Chance } from '../chance.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import type { OpenAttempt } from './ledgers.ts';
import { sandboxesOf, signalOne, signalTree, stopAll } from './signals.ts';
import type { Site } from './site.ts';

export const faultKinds = [
	'host-tree-killed',
	'host-alone-killed',
	'host-tree-stopped',
	'host-alone-stopped',
	'sandbox-killed',
	'sandbox-stopped',
	'service-killed',
	'service-stopped',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault that fired. */
export type Fired = {
	readonly kind: FaultKind;
	/** `host`, a function, or a service. */
	readonly on: string;
	/** The attempts that were open just then, as far as it could touch them. */
	readonly open: readonly OpenAttempt[];
	/** Of a stop: whether any of it was there to be woken, and whether later than any grant's window lasts. */
	readonly woke?: 'in time' | 'late' | 'never';
};
export type Struck = {
	readonly site: Site;
	readonly host: () => Started | undefined;
	readonly watch: LedgerWatch;
	readonly chance: Chance;
};

const AGENT = 'refund-desk';
/** Longer than the window of any grant of an effect of this desk: a tool's 2 s, and margins. */
const LATE_MS = 3_000;
/** So many of a hundred faults of sandboxes are aimed at one whose tool has an attempt open, where there is one. */
const AIMED_PERCENT = 65;

/** `alone`: what it has started is left to end by itself, or is the next host's to kill. */
type Of = 'whole' | 'alone';

export async function killHost({ host, watch }: Struck, of: Of): Promise<Fired | undefined> {
	const pid = host()?.child.pid;
	if (pid === undefined || !alive(host())) return undefined;
	if (of === 'whole') signalTree(pid, 'SIGKILL');
	else signalOne(pid, 'SIGKILL');
	return { kind: of === 'whole' ? 'host-tree-killed' : 'host-alone-killed', on: 'host', open: watch.open() };
}

/** Woken in any order, one by one: a tool may go on while its host still sleeps. Sometimes never: what sleeps is killed. */
export async function stopHost({ host, watch, chance }: Struck, of: Of): Promise<Fired | undefined> {
	const started = host();
	const pid = started?.child.pid;
	if (pid === undefined || !alive(started)) return undefined;
	const sleeping = stopAll(of === 'whole' ? treeOf(pid) : [pid]);
	const open = watch.open();
	const forMs = durationOf(chance, 4_500);
	const wakes = !chance.percent(25);
	await pause(forMs);
	if (!wakes) signalTree(pid, 'SIGKILL');
	const woken = await sleeping.wake(chance);
	const woke = !wakes || woken === 0 ? 'never' : forMs >= LATE_MS ? 'late' : 'in time';
	return { kind: of === 'whole' ? 'host-tree-stopped' : 'host-alone-stopped', on: 'host', open, woke };
}

/** One process of one function: a tool, a guard, the planner, resume. */
export async function strikeSandbox(struck: Struck, how: 'kill' | 'stop'): Promise<Fired | undefined> {
	const { host, watch, chance } = struck;
	const sandboxes = sandboxesOf(host()?.child.pid);
	const attempts = watch.open();
	const openOf = (name: string): OpenAttempt[] =>
		attempts.filter(({ tool }) => toolFunction(AGENT, tool) === name || guardFunction(AGENT, tool) === name);
	const aimedAt = chance.percent(AIMED_PERCENT) ? toolUnderWay(attempts, chance) : undefined;
	const busy = sandboxes.filter((each) => openOf(each.function).some(({ tool }) => tool === aimedAt));
	const victim = chance.pick(busy.length > 0 ? busy : sandboxes);
	if (!victim) return undefined;
	const about = { on: victim.function, open: openOf(victim.function) };
	if (how === 'kill') return signalOne(victim.pid, 'SIGKILL') ? { kind: 'sandbox-killed', ...about } : undefined;
	const sleeping = stopAll([victim.pid]);
	if (sleeping.stopped === 0) return undefined;
	const forMs = durationOf(chance, 6_000);
	await pause(forMs);
	const woken = await sleeping.wake(chance);
	return { kind: 'sandbox-stopped', ...about, woke: woken === 0 ? 'never' : forMs >= LATE_MS ? 'late' : 'in time' };
}

/** Each tool as likely as another, however many attempts it has open: the rare ones are met as well. */
const toolUnderWay = (attempts: readonly OpenAttempt[], chance: Chance): string | undefined =>
	chance.pick([...new Set(attempts.map(({ tool }) => tool))]);

export function pickService({ watch, chance }: Struck): ServiceName {
	const aimedAt = chance.percent(AIMED_PERCENT) ? toolUnderWay(watch.open(), chance) : undefined;
	const asked = serviceNames.filter((service) => aimedAt !== undefined && asks[service].includes(aimedAt));
	return chance.pick(asked.length > 0 ? asked : serviceNames) ?? 'mail';
}

const asks: Readonly<Record<ServiceName, readonly string[]>> = {
	orders: ['orders.find'],
	payments: ['orders.find', 'payments.refund'],
	carrier: ['carrier.recall'],
	mail: ['mail.send'],
};

export async function killService({ site, watch, chance }: Struck, service: ServiceName): Promise<Fired> {
	await site.services.down(service);
	const open = openAt(watch, service);
	await pause(chance.below(chance.percent(15) ? 3_000 : 600));
	await site.services.up(service);
	return { kind: 'service-killed', on: service, open };
}

/**
 * Carrier and mail have said within what time everything that was sent to them has happened: asleep for longer, they
 * would break their word, and nobody could hold them to it; what a busy machine adds comes on top, so it is well below that. The shell
 * wakes them on time whatever this process does.
 * Payments checks each session's end itself, and may sleep as long as it likes.
 */
export async function stopService({ site, watch, chance }: Struck, service: ServiceName): Promise<Fired | undefined> {
	const pid = site.services.pidOf(service);
	if (pid === undefined) return undefined;
	const keepsItsWord = service === 'carrier' || service === 'mail';
	const forMs = keepsItsWord ? chance.below(1_200) : durationOf(chance, 6_000);
	const shell = spawn('sh', ['-c', `kill -STOP ${pid}; sleep ${(forMs / 1000).toFixed(3)}; kill -CONT ${pid}`], { stdio: 'ignore' });
	const open = openAt(watch, service);
	await once(shell, 'exit');
	await answers(`${addressOf(site, service)}/health`);
	return { kind: 'service-stopped', on: service, open, woke: forMs >= LATE_MS ? 'late' : 'in time' };
}

const addressOf = ({ services }: Site, service: ServiceName): string =>
	services.settings[`${service.toUpperCase() as 'ORDERS' | 'PAYMENTS' | 'CARRIER' | 'MAIL'}_URL`];

/** What was sent to it while it slept has been dealt with then. */
async function answers(url: string): Promise<void> {
	await fetch(url, { signal: AbortSignal.timeout(15_000) });
}

const openAt = (watch: LedgerWatch, service: ServiceName): OpenAttempt[] => watch.open().filter(({ tool }) => asks[service].includes(tool));

const alive = (started: Started | undefined): boolean => started?.child.exitCode === null && started.child.signalCode === null;

/** Mostly short; a quarter long enough to wake after the grants of before have ended. */
const durationOf = (chance: Chance, atMostMs: number): number =>
	chance.percent(25) ? LATE_MS + chance.below(atMostMs - LATE_MS) : chance.below(LATE_MS / 2);
