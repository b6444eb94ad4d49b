/**
 * Records of the ledger table's stream in core's words. What is not as our own functions write it is told, never dropped.
 * @see docs/spec/storage.md
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { TableChange } from '../../core/audit/archive-ports.ts';
import { chainId } from '../../core/ids.ts';
import { generationKey } from './generations.ts';
import { chainKey, claimKey, claimOf, type DynamoItem, entryOf, sortKey } from './items.ts';

const image = z.record(
	z.string(),
	z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);
export const streamRecord = z.object({
	eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
	dynamodb: z.object({ SequenceNumber: z.string().max(64), Keys: image, NewImage: image.optional(), OldImage: image.optional() }),
});
export type DynamoStreamRecord = z.infer<typeof streamRecord>;

const TEXT_CHARACTERS = 400_000;

export function changeOf({ eventName, dynamodb }: DynamoStreamRecord): TableChange {
	const { SequenceNumber: sequenceNumber, Keys, NewImage, OldImage } = dynamodb;
	const [pk, sk] = [textOf(Keys.pk), textOf(Keys.sk)];
	const chain = /^(?:run|control)#(.+)$/.exec(pk)?.[1] ?? '';
	const isChain = chainId.safeParse(chain).success && chainKey(chain) === pk;
	const isPlace = /^\d{9}$/.test(sk);
	if (eventName === 'INSERT') {
		if (pk.startsWith(generationKey(''))) return { sequenceNumber, how: 'confirmed' };
		const item = itemOf({ pk, sk, chain: isChain && isPlace ? chain : undefined }, NewImage ?? {});
		if (item) return { sequenceNumber, how: 'insert', item };
	}
	return {
		sequenceNumber,
		how: eventName === 'INSERT' ? 'foreign' : eventName === 'MODIFY' ? 'changed' : 'removed',
		about: isChain ? chain : '@record',
		place: isChain && isPlace ? Number(sk) : null,
		what: `${pk.slice(0, 120)} ${sk.slice(0, 40)}`,
		body: JSON.stringify({ before: OldImage ?? null, now: NewImage ?? null }).slice(0, TEXT_CHARACTERS),
	};
}

function itemOf({ pk, sk, chain }: { pk: string; sk: string; chain: string | undefined }, item: DynamoItem) {
	try {
		if (chain !== undefined) return { is: 'entry', entry: entryOf(item, chain, 'the ledger') } as const;
		const claim = claimOf(item, 'the ledger');
		return claimKey(claim.tool, claim.key) === pk && sortKey(claim.n).S === sk ? ({ is: 'claim', claim } as const) : undefined;
	} catch {
		return undefined;
	}
}

const textOf = (value: AttributeValue | undefined): string => (typeof value?.S === 'string' ? value.S : '');
