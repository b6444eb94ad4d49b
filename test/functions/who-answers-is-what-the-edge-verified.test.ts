import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory/store.ts';
import counter from '../../bench/agents/counter/agent.ts';
import { epochMs } from '../../core/ids.ts';
import { createReader, type Store } from '../../core/ledger/read.ts';
import { closeHandler } from '../../functions/close/handler.ts';
import { decideHandler } from '../../functions/decide/handler.ts';
import { openHandler } from '../../functions/open/handler.ts';

const surroundings = () => {
	const memory = memoryStore();
	const store: Store = { ...memory, clock: { now: () => epochMs.parse(1_000) }, randomness: { bytes: (length) => randomBytes(length) } };
	const handler = { log: () => {}, exit: () => {}, callerOf: () => 'arn:aws:iam::111122223333:user/alice' };
	return { store, reader: createReader(store), ...handler, agent: counter, code: '0'.repeat(64) };
};
const context = { getRemainingTimeInMillis: () => 1_000 } as never;
const opened = async () => {
	const around = surroundings();
	await openHandler(around)({ run: 'run-1', task: { steps: 1 } }, context);
	return around;
};

test('a run is opened and stopped by the verified caller', async () => {
	const around = await opened();
	expect(await closeHandler(around)({ run: 'run-1', reason: 'enough' }, context)).toEqual({ is: 'closed', stillOpen: [] });
	const bodies = (await around.store.ledger.read('run-1', { from: 0, limit: 10 })).map(({ body }) => JSON.parse(body));
	expect(bodies.map(({ kind, by }) => [kind, by])).toEqual([
		['opened', 'arn:aws:iam::111122223333:user/alice'],
		['closed', 'arn:aws:iam::111122223333:user/alice'],
	]);
});

test('an event that names its own caller is malformed', async () => {
	const around = await opened();
	const events = [
		() => openHandler(around)({ run: 'run-2', task: 1, by: 'local:mallory' } as never, context),
		() => closeHandler(around)({ run: 'run-1', reason: 'x', by: 'local:mallory' } as never, context),
		() => decideHandler(around)({ run: 'run-1', by: 'local:mallory', answer: { is: 'failed', step: 1, note: '' } } as never, context),
	];
	for (const event of events) await expect(event()).rejects.toThrow(expect.objectContaining({ name: 'MalformedEvent' }));
});

test('an approval must name what was shown', async () => {
	const around = await opened();
	const blind = { run: 'run-1', answer: { is: 'approve', step: 1, note: '' } };
	await expect(decideHandler(around)(blind as never, context)).rejects.toThrow(expect.objectContaining({ name: 'MalformedEvent' }));
	const answer = await decideHandler(around)(
		{ run: 'run-1', answer: { is: 'approve', step: 1, shown: 'a'.repeat(64), note: '' } },
		context,
	);
	expect(answer).toMatchObject({ is: 'refused' });
});
