/** Application tables by the names that tools declare for them. They are written by `Ledger.append`. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Attribute, Tables } from '../../core/ports.ts';
import { withoutAnswer } from './errors.ts';
import { keyAttribute, type RealName } from './writes.ts';

/**
 * The map from declared to real names, closed: what is not in it has no real name, and the ledger's own tables can't be in it.
 * @throws TypeError for a map that leads to one of `ours`, or to what may be one under another name.
 */
export function realNames(tables: Readonly<Record<string, string>>, ours: readonly string[]): RealName {
	const names = new Map(Object.entries(tables));
	for (const [declared, real] of names) {
		// DynamoDB takes an ARN for a name as well, and an ARN of the ledger would pass for another table.
		if (!/^[A-Za-z0-9_.-]{3,255}$/.test(real))
			throw new TypeError(`table ${declared} is mapped to ${real}: use the table's name, not its ARN`);
		if (ours.includes(real))
			throw new TypeError(`table ${declared} is mapped to ${real}, which tools may not write to: map it to a table of its own`);
	}
	return (declared) => {
		const real = names.get(declared);
		if (real === undefined)
			throw new TypeError(`no table is declared as ${declared}; declared are: ${[...names.keys()].join(', ') || 'none'}`);
		return real;
	};
}

export function dynamoTables(client: DynamoDBClient, realName: RealName): Tables {
	return {
		get: async (table, key) => {
			const TableName = realName(table);
			const command = new GetItemCommand({ TableName, Key: { [keyAttribute]: { S: key } }, ConsistentRead: true });
			const { Item } = await client.send(command).catch((error: unknown) => {
				throw withoutAnswer(error, TableName);
			});
			if (!Item) return undefined;
			const attributes = Object.entries(Item).filter(([name]) => name !== keyAttribute);
			return Object.fromEntries(attributes.map(([name, value]) => [name, attributeOf(value, `${name} of ${key} in ${TableName}`)]));
		},
	};
}

function attributeOf(value: AttributeValue, where: string): Attribute {
	if (value.S !== undefined) return value.S;
	if (value.N !== undefined) return Number(value.N);
	if (value.BOOL !== undefined) return value.BOOL;
	if (value.NULL) return null;
	throw new Error(
		`attribute ${where} is neither text, number, boolean nor null: transaction tools can't read it; keep it in another table`,
	);
}
