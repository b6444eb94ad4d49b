/** DynamoDB's data events: keys and the names of the other attributes, conditions as text, and no values. */
type Input = Readonly<Record<string, unknown>>;
type KeyOf = (table: string) => readonly string[];

const plain: Readonly<Record<string, string>> = {
	ConditionExpression: 'conditionExpression',
	UpdateExpression: 'updateExpression',
	KeyConditionExpression: 'keyConditionExpression',
	ProjectionExpression: 'projectionExpression',
	FilterExpression: 'filterExpression',
	ExpressionAttributeNames: 'expressionAttributeNames',
	IndexName: 'indexName',
	ConsistentRead: 'consistentRead',
	Limit: 'limit',
	ReturnConsumedCapacity: 'returnConsumedCapacity',
	ReturnValues: 'returnValues',
	ReturnValuesOnConditionCheckFailure: 'returnValuesOnConditionCheckFailure',
};

/** A call on one item lists its attributes as `item`, one in a transaction as `items`: the samples have it so. */
export function attributesOf(input: Input, keyOf: KeyOf, listed = 'item'): Record<string, unknown> {
	const table = String(input.TableName ?? '');
	const item = objectOf(input.Item);
	const key = item ? keyIn(item, keyOf(table)) : objectOf(input.Key) && unwrapped(objectOf(input.Key) ?? {});
	const others = Object.entries(plain).flatMap(([from, to]) => (input[from] === undefined ? [] : [[to, input[from]] as const]));
	return { tableName: table, ...(key && { key }), ...(item && { [listed]: Object.keys(item) }), ...Object.fromEntries(others) };
}

export function transactionItems(input: Input, keyOf: KeyOf): Record<string, unknown>[] {
	const items = Array.isArray(input.TransactItems) ? (input.TransactItems as unknown[]) : [];
	return items.flatMap((item) =>
		Object.entries(objectOf(item) ?? {}).map(([operation, asked]) => ({
			operation,
			...attributesOf(objectOf(asked) ?? {}, keyOf, 'items'),
		})),
	);
}

const keyIn = (item: Input, names: readonly string[]): Record<string, unknown> =>
	unwrapped(Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]]))));

/** `{ S: 'x' }` as `x`. */
const unwrapped = (key: Input): Record<string, unknown> =>
	Object.fromEntries(Object.entries(key).map(([name, value]) => [name, Object.values(objectOf(value) ?? {})[0]]));

const objectOf = (value: unknown): Input | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : undefined;
