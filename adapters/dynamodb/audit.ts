/**
 * Witnesses, with what the trail's files cover, and findings as items, each in a table of its own. An event has one item of its own, which is put first and on
 * the condition that there is none: it says which copy stands. Others, by subject and by session, repeat what stands; a
 * crash before them leaves a put that has not resolved, and the next one makes them.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { rankAt, rankOf, type Stretch, stretch } from '../../core/audit/coverage.ts';
import { type Finding, finding } from '../../core/audit/finding.ts';
import { orderOf, saysTheSame, sessionOf } from '../../core/audit/kept.ts';
import { type Witness, witness } from '../../core/audit/witness.ts';
import { jsonText } from '../../core/json-text.ts';
import type { Coverage, Findings, Witnesses, WitnessPage } from '../../core/ports.ts';
import { damagedItem } from './errors.ts';
import { inserted } from './insert.ts';
import type { DynamoItem } from './items.ts';
import { queried } from './query.ts';

const eventKey = (eventID: string) => `event#${eventID}`;
const aboutKey = (subject: string) => `about#${subject}`;
const sessionKey = (accessKeyId: string) => `session#${accessKeyId}`;
const everySubject = 'subjects';
const everyFinding = 'findings';
const everyStretch = 'coverage';
/** Subjects a process remembers to have listed, so that most witnesses cost no more than three puts. */
const SUBJECTS_KEPT = 10_000;
const findingsAbout = (subject: string) => `findings#${subject}`;
/** Partition keys, as policies name them: of witnesses, of what files cover, and of findings. */
export const witnessKeys = [eventKey('*'), aboutKey('*'), sessionKey('*'), everySubject] as const;
export const coverageKeys = [everyStretch] as const;
export const findingKeys = [everyFinding, findingsAbout('*')] as const;
const [witnessText, stretchText, findingText] = [jsonText(witness), jsonText(stretch), jsonText(finding)];
/** Every item has a sort key; those of which there is one have this. */
const ONLY = '-';

export function dynamoWitnesses(client: DynamoDBClient, table: string): Witnesses {
	const listed = new Set<string>();
	const list = async (subject: string): Promise<void> => {
		if (listed.has(subject)) return;
		await inserted({ client, table }, textItem({ pk: everySubject, sk: subject, body: '{}' }));
		if (listed.size < SUBJECTS_KEPT) listed.add(subject);
	};
	const page = async (pk: string, { after, limit }: WitnessPage): Promise<Witness[]> => {
		const items = await pageOf({ client, table }, pk, { after: after && orderOf(after), limit });
		return items.map((item) => bodyOf(item, witnessText, table));
	};
	return {
		put: async (given) => {
			const before = await inserted({ client, table }, textItem({ pk: eventKey(given.eventID), sk: ONLY, body: JSON.stringify(given) }));
			const stands = before === undefined ? given : bodyOf(before, witnessText, table);
			const item = { sk: orderOf(stands), body: JSON.stringify(stands) };
			const session = sessionOf(stands);
			await Promise.all([
				list(stands.about),
				inserted({ client, table }, textItem({ pk: aboutKey(stands.about), ...item })),
				session !== undefined && inserted({ client, table }, textItem({ pk: sessionKey(session), ...item })),
			]);
			if (before === undefined) return 'kept';
			return saysTheSame(stands, given) ? 'known' : { differs: stands };
		},
		about: (subject, at) => page(aboutKey(subject), at),
		ofSession: (key, at) => page(sessionKey(key), at),
		subjects: async ({ after, limit }) => {
			const items = await pageOf({ client, table }, everySubject, { after, limit });
			return items.map((item) => subjectOf(item, table));
		},
	};
}

/** Beside the witnesses, in one partition: an hour is an item or two, and what concerns a run is one query. */
export function dynamoCoverage(client: DynamoDBClient, table: string): Coverage {
	return {
		put: async (given) => {
			const item = textItem({ pk: everyStretch, sk: rankOf(given), body: JSON.stringify(given) });
			return (await inserted({ client, table }, item)) === undefined ? 'kept' : 'known';
		},
		ending: async ({ fromMs, toMs }, limit): Promise<Stretch[]> => {
			const items = await queried(client, {
				TableName: table,
				KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
				ExpressionAttributeValues: { ':pk': { S: everyStretch }, ':first': { S: rankAt(fromMs + 1) }, ':last': { S: rankAt(toMs + 1) } },
				ConsistentRead: true,
				Limit: limit,
			});
			return items.map((item) => bodyOf(item, stretchText, table));
		},
	};
}

export function dynamoFindings(client: DynamoDBClient, table: string): Findings {
	return {
		raise: async (given) => {
			const item = { sk: given.id, body: JSON.stringify(given) };
			// First by its subject: what is in the list of all is whole.
			await inserted({ client, table }, textItem({ pk: findingsAbout(given.about), ...item }));
			return (await inserted({ client, table }, textItem({ pk: everyFinding, ...item }))) === undefined ? 'raised' : 'known';
		},
		list: async ({ about, after, limit }): Promise<Finding[]> => {
			const items = await pageOf({ client, table }, about === undefined ? everyFinding : findingsAbout(about), { after, limit });
			return items.map((item) => bodyOf(item, findingText, table));
		},
	};
}

type Where = { readonly client: DynamoDBClient; readonly table: string };

const textItem = ({ pk, sk, body }: { pk: string; sk: string; body: string }): DynamoItem => ({
	pk: { S: pk },
	sk: { S: sk },
	body: { S: body },
});

const pageOf = (
	{ client, table }: Where,
	pk: string,
	{ after, limit }: { after: string | undefined; limit: number },
): Promise<DynamoItem[]> =>
	queried(client, {
		TableName: table,
		KeyConditionExpression: 'pk = :pk AND sk > :after',
		// No sort key is as short as this, and an empty one can't be asked for.
		ExpressionAttributeValues: { ':pk': { S: pk }, ':after': { S: after ?? ' ' } },
		ConsistentRead: true,
		Limit: limit,
	});

const itemShape = z.object({ body: z.object({ S: z.string() }) });

/** @param shape of the text. @throws LedgerUnavailable */
function bodyOf<T>(item: DynamoItem, shape: z.ZodType<T>, table: string): T {
	const parsed = itemShape.safeParse(item);
	const body = parsed.success ? shape.safeParse(parsed.data.body.S) : undefined;
	if (!body?.success) throw damagedItem(table, 'a record of the audit');
	return body.data;
}

const listedShape = z.object({ sk: z.object({ S: z.string() }) });

/** @throws LedgerUnavailable */
function subjectOf(item: DynamoItem, table: string): string {
	const parsed = listedShape.safeParse(item);
	if (!parsed.success) throw damagedItem(table, 'a name that witnesses are about');
	return parsed.data.sk.S;
}
