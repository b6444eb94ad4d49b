/**
 * Whole runs over DynamoDB: the deployed state machines and the functions as they are, each in a process of its own, with
 * the adapter under test between them and the database. Whoever sweeps and answers has a way to it that nothing breaks.
 */
import type { DynamoStore } from '../../adapters/dynamodb/store.ts';
import { idempotencyKey } from '../../core/ledger/content.ts';
import { createReader, type Store } from '../../core/ledger/read.ts';
import { isHeld, openSteps } from '../../core/ledger/state.ts';
import type { Ledger } from '../../core/ports.ts';
import { decide } from '../../functions/decide/decide.ts';
import { type OpenSurroundings, open } from '../../functions/open/open.ts';
import { executionName } from '../../functions/resume/resume.ts';
import { statusOf } from '../../functions/status/status.ts';
import { readControl } from '../../functions/surroundings.ts';
import { type call, clerk, plans } from '../doubles/clerk.ts';
import { BY, install } from '../doubles/driver.ts';
import { crossed } from '../doubles/mortal.ts';
import { type Effect, outsideWorld } from '../doubles/outside.ts';
import { type Asked, isGranted, witnessed } from './witness.ts';

/** A run that is wanted: its calls are numbered from 1 in this order. */
export type Order = { readonly run: string; readonly plans: readonly ReturnType<typeof call>[][] };
export type Site = ReturnType<typeof installOver>;

const OPENINGS = 12;
const SWEEPS = 16;

type Options = {
	/** The adapter under test. */
	readonly ports: DynamoStore;
	/** The same tables, with nothing in between. */
	readonly clean: DynamoStore;
	/** Whether what a call is about is a business key. */
	readonly keyed: boolean;
	/** Stands in for the adapter's ledger: what a naive variant is made of. */
	readonly naive?: ((ledger: Ledger) => Ledger) | undefined;
};

export function installOver({ ports, clean, keyed, naive = (ledger) => ledger }: Options) {
	const asked: Asked[] = [];
	const early: Effect[] = [];
	const orders: Order[] = [];
	const outside = outsideWorld();
	outside.honoursKeys.add('pay').add('trace');
	outside.meanwhile = (effect) => {
		if (!isGranted(asked, effect)) early.push(effect);
	};
	const ledger = witnessed(naive(ports.ledger), asked);
	const agent = clerk(outside, { otherwise: keyed ? { key: ({ what }) => what } : {} });
	const over = (store: Store, { claims, keys }: DynamoStore, log: Ledger): Store => ({ ...store, ledger: log, claims, keys });
	const desk = install({
		agent,
		store: (memory) => ({ ...memory, ledger: crossed(ledger), claims: crossed(ports.claims), keys: crossed(ports.keys) }),
	});
	const around = (store: Store) => ({ ...desk.operator, store, reader: createReader(store), code: '0'.repeat(64) });
	const operator = () => around(over(desk.operator.store, clean, clean.ledger));

	/** Opens a run and starts it. */
	async function begin(order: Order): Promise<void> {
		await opened(order, around(over(desk.operator.store, ports, ledger)));
		orders.push(order);
		const { run } = order;
		const input = { run, agent: agent.name, epoch: 0, hint: 0 };
		const first = desk.start('agent-run', { name: executionName(run, 0), run, input });
		if (first.is === 'started') desk.watch('agent-run', run, first.ended);
	}

	const isClosed = async (run: string): Promise<boolean> => (await operator().reader.read(run)).state.closed !== null;

	/** What a sweeper does with a run that could go on, and a person with one that waits for them: a person has looked. */
	async function goOn(run: string): Promise<void> {
		const { store, reader } = operator();
		const { state } = await reader.read(run);
		const held = openSteps(state);
		const status = statusOf(state, held, await readControl(store, agent.name));
		if (status !== 'waiting') return desk.recover(run, status === 'stuck' ? 'person' : 'recovery');
		for (const { step } of held.filter(isHeld)) {
			const happened = outside.effects.some(({ key }) => key === idempotencyKey(state.root, step));
			const what = happened ? ({ is: 'done', result: null } as const) : ({ is: 'failed' } as const);
			const answer = await decide({ run, by: BY, answer: { ...what, step, note: 'looked' } }, operator());
			if (answer.is !== 'recorded') throw new Error(`step ${step} of ${run} can't be answered: ${answer.why}`);
		}
		return desk.recover(run);
	}

	async function sweepOne(run: string): Promise<void> {
		await desk.settled(run);
		for (let time = 0; time < SWEEPS && !(await isClosed(run)); time += 1) await goOn(run);
	}

	return {
		asked,
		early,
		orders,
		outside,
		clean,
		keyed,
		handedOut: desk.handedOut,
		begin,
		settled: desk.settled,
		isClosed,
		goOn,
		/** Until every run has ended, or a bounded number of times. */
		async sweep(): Promise<void> {
			await Promise.all(orders.map(({ run }) => sweepOne(run).catch(unlessBroken)));
		},
	};
}

/** Opens a run as a caller does that hears nothing: asks again. */
async function opened({ run, plans: proposed }: Order, around: OpenSurroundings): Promise<void> {
	for (let time = 1; ; time += 1) {
		try {
			const answer = await open({ run, task: plans(...proposed), by: BY }, around);
			if (answer.is === 'opened' || (answer.is === 'exists' && answer.same)) return;
			throw new Error(`${run} is not opened: ${JSON.stringify(answer)}`);
		} catch (error) {
			if (time >= OPENINGS || !(error instanceof Error && isNoAnswer(error))) throw error;
		}
	}
}

/** The database did not say, or is not there. */
export const isNoAnswer = ({ name }: Error): boolean => ['NoAnswer', 'AppendUnknown', 'LedgerUnavailable'].includes(name);

/** With a broken ledger, or none, nothing goes on; the check says what became of it. */
function unlessBroken(error: Error): void {
	if (error.name !== 'LedgerBroken' && error.name !== 'RunNotFound') throw error;
}
