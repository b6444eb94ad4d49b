/** What has moved, and bookmarks, as items of the audit's tables, where items are added and none is changed. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Bookmark, Moved, Page } from '../../core/audit/rounds.ts';
import { damagedItem } from './errors.ts';
import { inserted } from './insert.ts';
import { queried } from './query.ts';

const everyHour = 'hours';
const movedKey = (hour: string) => `moved#${hour}`;
const bookmarkKey = (whose: string) => `bookmark#${whose}`;
/** Partition keys, as policies name them. */
export const roundKeys = { moved: [everyHour, movedKey('*')], bookmark: bookmarkKey } as const;

/** What a process remembers to have noted, so that most entries and witnesses cost no put of it. */
const NOTED = 50_000;
const DIGITS = 12;
/** No sort key is as short as this, and an empty one can't be asked for. */
const FIRST = ' ';

type Where = { readonly client: DynamoDBClient; readonly table: string };

export function dynamoMoved(client: DynamoDBClient, table: string): Moved {
	const noted = new Map<string, Promise<void>>();
	const note = async (subject: string, hour: string): Promise<void> => {
		await inserted({ client, table }, { pk: { S: movedKey(hour) }, sk: { S: subject } });
		await inserted({ client, table }, { pk: { S: everyHour }, sk: { S: hour } });
	};
	return {
		note: (subject, hour) => {
			const key = `${hour} ${subject}`;
			const known = noted.get(key);
			if (known) return known;
			if (noted.size >= NOTED) noted.clear();
			const noting = note(subject, hour);
			noted.set(key, noting);
			noting.catch(() => noted.delete(key));
			return noting;
		},
		hours: (page) => namesIn({ client, table }, everyHour, page),
		during: (hour, page) => namesIn({ client, table }, movedKey(hour), page),
		isNoted: async (subject, hour) => {
			const items = await queried(client, {
				TableName: table,
				KeyConditionExpression: 'pk = :pk AND sk = :sk',
				ExpressionAttributeValues: { ':pk': { S: movedKey(hour) }, ':sk': { S: subject } },
				ConsistentRead: true,
				Limit: 1,
			});
			return items.length > 0;
		},
	};
}

const named = z.object({ sk: z.object({ S: z.string() }) });
async function namesIn({ client, table }: Where, pk: string, { after, limit }: Page): Promise<string[]> {
	const items = await queried(client, {
		TableName: table,
		KeyConditionExpression: 'pk = :pk AND sk > :after',
		ExpressionAttributeValues: { ':pk': { S: pk }, ':after': { S: after || FIRST } },
		ConsistentRead: true,
		Limit: limit,
	});
	return items.map((item) => {
		const parsed = named.safeParse(item);
		if (!parsed.success) throw damagedItem(table, 'a name in a list of what moved');
		return parsed.data.sk.S;
	});
}

const marked = z.object({ sk: z.object({ S: z.string().regex(/^\d+$/) }), body: z.object({ S: z.string() }) });

/** The newest of its items counts. They are numbered, and a number is taken once. */
export function dynamoBookmark(client: DynamoDBClient, table: string, whose: string): Bookmark {
	let last = 0;
	return {
		read: async () => {
			const [item] = await queried(client, {
				TableName: table,
				KeyConditionExpression: 'pk = :pk',
				ExpressionAttributeValues: { ':pk': { S: bookmarkKey(whose) } },
				ConsistentRead: true,
				ScanIndexForward: false,
				Limit: 1,
			});
			if (!item) return undefined;
			const parsed = marked.safeParse(item);
			if (!parsed.success) throw damagedItem(table, 'a bookmark');
			last = Number(parsed.data.sk.S);
			return parsed.data.body.S;
		},
		put: async (position) => {
			last += 1;
			const sk = String(last).padStart(DIGITS, '0');
			await inserted({ client, table }, { pk: { S: bookmarkKey(whose) }, sk: { S: sk }, body: { S: position } });
		},
	};
}
