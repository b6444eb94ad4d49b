/** Controls: the checks that the real adapter passes go red on adapters that get one thing wrong. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { DynamoOptions } from '../../adapters/dynamodb/store.ts';
import { pass } from './fault-proxy.ts';
import type { Fault, Target } from './faults.ts';
import type { Order } from './installation.ts';
import { localOptions } from './local-store.ts';
import { conflictIsAlwaysAnother, oneAfterTheOther, overwriting, unknownIsNotWritten, unknownIsWritten } from './naive-adapters.ts';
import { type Naive, only, played, sideBySide } from './played.ts';
import type { Retries } from './proxied-store.ts';
import { type ControlReport, reportPart } from './report.ts';

type Control = {
	readonly name: string;
	readonly naive: Naive;
	readonly order: (run: string) => Order;
	readonly keyed: boolean;
	/** What breaks, in turn, the first so many requests for this target; nothing where the adapter errs by itself. */
	readonly breaks?: { readonly target: Target; readonly fault: Fault; readonly retries: Retries };
	readonly says: RegExp;
};
const transaction = { order: (run: string) => only('book.post', run), keyed: true };
const controls: readonly Control[] = [
	{
		name: 'puts without a condition',
		naive: overwriting,
		order: sideBySide,
		keyed: false,
		says: /was acknowledged and is not there/,
	},
	{
		name: 'takes an unknown for not written, and appends at the next place',
		naive: unknownIsNotWritten,
		...transaction,
		breaks: { target: 'TransactWriteItems', fault: { is: 'reply-lost' }, retries: 'off' },
		says: /^book: \S+ has 14, where the ledgers say 7$/,
	},
	{
		name: 'takes a conflict with its own body for another’s',
		naive: conflictIsAlwaysAnother,
		...transaction,
		breaks: { target: 'PutItem', fault: { is: 'reply-lost' }, retries: 'on' },
		says: /nonce \S+ stands at \d+ and \d+$/,
	},
	{
		name: 'takes an unknown for written',
		naive: unknownIsWritten,
		...transaction,
		breaks: { target: 'PutItem', fault: { is: 'request-lost' }, retries: 'off' },
		says: /was acknowledged and is not there/,
	},
	{
		name: 'writes the entry first, and then what belongs to it',
		naive: oneAfterTheOther,
		...transaction,
		breaks: { target: 'TransactWriteItems', fault: { is: 'request-lost' }, retries: 'off' },
		says: /^book\.post on \S+: the claim is none, where the ledgers say 1 of/,
	},
];

let options: DynamoOptions;
const caught: ControlReport[] = [];
beforeAll(async () => {
	options = await localOptions(['book']);
});
afterAll(() => reportPart('controls', { controls: caught }));

const POSITIONS = 8;
test.for(controls.map((control, index) => ({ ...control, index })))('an adapter that $name', async (control) => {
	const { index, name, naive, order, keyed, breaks, says } = control;
	const lines: string[] = [];
	for (let position = 1; position <= POSITIONS && !lines.some((line) => says.test(line)); position += 1) {
		let met = 0;
		const plan = ({ target }: { target: Target }): Fault => {
			if (target !== breaks?.target) return pass;
			met += 1;
			return met === position ? breaks.fault : pass;
		};
		const run = `n-${index}-${position}`;
		const one = await played({
			options,
			database: inject('dynamodbEndpoint'),
			orders: [order(run)],
			keyed,
			naive,
			plan,
			retries: breaks?.retries ?? 'on',
		});
		lines.push(...one.off.lines);
	}
	caught.push({
		name: `an adapter that ${name}`,
		says: lines.find((line) => says.test(line)) ?? 'nothing',
		caught: lines.some((line) => says.test(line)),
	});
	expect(lines).toContainEqual(expect.stringMatching(says));
});
