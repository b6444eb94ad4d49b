/** Our own table: the grants that were committed, and the sums that they come to. */
import { idempotencyKey } from '../../../core/ledger/content.ts';
import { itemsOf, type Told } from './ledgers.ts';
import { includes, type Off } from './off.ts';

type Items = ReturnType<typeof itemsOf>;

export function offAboutCredits(told: readonly Told[], directory: string): Off[] {
	const items = itemsOf(directory, 'credits');
	const grants = new Map([...items].filter(([key]) => key.startsWith('grant#')));
	const orders = Map.groupBy(grants.values(), ({ order }) => order);
	return [
		...[...orders]
			.filter(([, made]) => made.length > 1)
			.map(([order, made]): Off => ({ is: 'doubled', what: `credits: order ${order} has ${made.length}, where one is all there may be` })),
		...offAboutGrants(told, grants),
		...offAboutSums(items, grants),
	];
}

function offAboutGrants(told: readonly Told[], grants: Items): Off[] {
	const off: Off[] = [];
	const strangers = new Set(grants.keys());
	for (const { run, check, inputs } of told) {
		if (check.is === 'broken') continue;
		for (const { step, tool, end } of check.steps.values()) {
			if (tool !== 'credits.grant') continue;
			const name = `${run} step ${step} ${tool}`;
			const key = `grant#${idempotencyKey(check.state.root, step)}`;
			const item = grants.get(key);
			strangers.delete(key);
			if (item && end?.result !== 'done')
				off.push({ is: 'guessed', what: `${name}: is in the table, and the ledger says ${end?.result ?? 'nothing'}` });
			if (!item && end?.result === 'done')
				off.push({ is: 'lost', what: `${name}: the ledger says done, and the table has no trace of it` });
			const { customer, order, cents } = item ?? {};
			if (item && !includes(inputs.get(step), { customer: `${customer}`, order: `${order}`, amountCents: Number(cents) }))
				off.push({ is: 'forged', what: `${name}: committed something else than was recorded` });
		}
	}
	return [...off, ...[...strangers].map((key): Off => ({ is: 'forged', what: `credits: ${key} is of no step of ours` }))];
}

function offAboutSums(items: Items, grants: Items): Off[] {
	const sums = new Map<string, number>();
	for (const { customer, cents } of grants.values()) sums.set(String(customer), (sums.get(String(customer)) ?? 0) + Number(cents));
	const accounts = [...items].filter(([key]) => !key.startsWith('grant#'));
	return [
		...accounts
			.filter(([customer, { cents }]) => cents !== sums.get(customer))
			.map(([customer, { cents }]): Off => {
				const by = sums.get(customer) ?? 0;
				return { is: Number(cents) > by ? 'doubled' : 'lost', what: `credits: ${customer} has ${cents} cents, by ${by} cents of grants` };
			}),
		...[...sums.keys()]
			.filter((customer) => !items.has(customer))
			.map((customer): Off => ({ is: 'lost', what: `credits: ${customer} has grants and no account` })),
	];
}
