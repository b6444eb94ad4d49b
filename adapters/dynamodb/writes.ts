/** Writes of `transaction` tools in DynamoDB's expressions. The writes have passed `checkAppend`. */
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Attribute, Write } from '../../core/ports.ts';
import type { DynamoItem } from './items.ts';

/** The real table behind a declared name. @throws TypeError for a name that nobody declared. */
export type RealName = (declared: string) => string;

/** The attribute that every application table is keyed by. */
export const keyAttribute = 'key';

export function attributeValue(value: Attribute): AttributeValue {
	if (value === null) return { NULL: true };
	if (typeof value === 'boolean') return { BOOL: value };
	return typeof value === 'number' ? { N: String(value) } : { S: value };
}

export function transactItem(write: Write, realName: RealName): TransactWriteItem {
	const names: Record<string, string> = {};
	const values: DynamoItem = {};
	/** `#a0 = :a0` for each attribute, with whatever stands between name and value. */
	const terms = (attributes: Readonly<Record<string, Attribute>>, prefix: string, between: string): string[] =>
		Object.entries(attributes).map(([name, value], index) => {
			names[`#${prefix}${index}`] = name;
			values[`:${prefix}${index}`] = attributeValue(value);
			return `#${prefix}${index}${between}:${prefix}${index}`;
		});

	const TableName = realName(write.table);
	const Key = { [keyAttribute]: attributeValue(write.key) };
	const additions = terms(write.add ?? {}, 'a', ' ').join(', ');
	const settings = terms(write.set ?? {}, 's', ' = ').join(', ');
	const demands = write.onlyIf === 'absent' ? absence(names) : terms(write.onlyIf ?? {}, 'c', ' = ');
	// Without this DynamoDB calls the whole transaction malformed, and nobody learns which write it was.
	const addable = Object.keys(write.add ?? {}).map(
		(_, index) => `(attribute_not_exists(#a${index}) OR attribute_type(#a${index}, :number))`,
	);
	if (addable.length > 0) values[':number'] = { S: 'N' };
	const condition = [...demands, ...addable].join(' AND ');
	const update = [additions && `ADD ${additions}`, settings && `SET ${settings}`].filter(Boolean).join(' ');

	const expressions = {
		...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
		...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
	};
	const conditioned = { ...(condition && { ConditionExpression: condition }), ...expressions };
	if (write.put) return { Put: { TableName, Item: { ...itemOf(write.put), ...Key }, ...conditioned } };
	if (update) return { Update: { TableName, Key, UpdateExpression: update, ...conditioned } };
	return { ConditionCheck: { TableName, Key, ConditionExpression: condition, ...expressions } };
}

function absence(names: Record<string, string>): string[] {
	names['#key'] = keyAttribute;
	return ['attribute_not_exists(#key)'];
}

const itemOf = (attributes: Readonly<Record<string, Attribute>>): DynamoItem =>
	Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)]));
