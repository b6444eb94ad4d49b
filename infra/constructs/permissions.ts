/** Statements for what functions may do to the record: each narrowed to the chains that a function has to do with. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { findingKeys } from '../../adapters/dynamodb/audit.ts';
import { openedIndex, openedValue } from '../../adapters/dynamodb/items.ts';
import { roundKeys } from '../../adapters/dynamodb/rounds.ts';
import type { Access } from '../../core/agent/tool.ts';
import type { ThroughlineStore } from './store.ts';

/** Chains by the beginnings of their partition keys. @see docs/spec/storage.md */
export const chains = {
	runs: 'run#*',
	/** Marks of tables whose present life the archive has confirmed. */
	generations: 'generation#*',
	everything: 'control#@all',
	agent: (agent: string): string => `control#@agent:${agent}`,
	everyAgent: 'control#@agent:*',
	claims: (tool: string): string => `key#${tool}#*`,
	everyClaim: 'key#*',
	/** The one run that a session was issued for, by its tag. */
	ownRun: `run#\${aws:PrincipalTag/run}`,
} as const;

/** `ForAllValues` alone would let a request through that names no key at all, such as a scan. */
export const onChains = (keys: readonly string[]) => ({
	'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
	Null: { 'dynamodb:LeadingKeys': 'false' },
});

export const readsChains = ({ ledger }: ThroughlineStore, keys: readonly string[]): PolicyStatement =>
	new PolicyStatement({ sid: 'ReadChains', actions: ['dynamodb:Query'], resources: [ledger.tableArn], conditions: onChains(keys) });

export const appendsTo = ({ ledger }: ThroughlineStore, keys: readonly string[]): PolicyStatement =>
	new PolicyStatement({ sid: 'Append', actions: ['dynamodb:PutItem'], resources: [ledger.tableArn], conditions: onChains(keys) });

/** The generation of the ledger is its table's id. */
export const describesLedger = ({ ledger }: ThroughlineStore): PolicyStatement =>
	new PolicyStatement({ sid: 'Generation', actions: ['dynamodb:DescribeTable'], resources: [ledger.tableArn] });

export const listsRuns = ({ ledger }: ThroughlineStore): PolicyStatement =>
	new PolicyStatement({
		sid: 'ListRuns',
		actions: ['dynamodb:Query'],
		resources: [`${ledger.tableArn}/index/${openedIndex}`],
		conditions: onChains([openedValue.S]),
	});

export const opensContent = ({ keys }: ThroughlineStore): PolicyStatement =>
	new PolicyStatement({ sid: 'RunKeys', actions: ['dynamodb:GetItem'], resources: [keys.tableArn] });
export const createsRunKeys = ({ keys }: ThroughlineStore): PolicyStatement =>
	new PolicyStatement({ sid: 'CreateRunKeys', actions: ['dynamodb:PutItem'], resources: [keys.tableArn] });

/** Without the right to list, S3 says "denied" of a payload that is not there. */
export const readsPayloads = ({ payloads }: ThroughlineStore): PolicyStatement[] => [
	new PolicyStatement({ sid: 'ReadPayloads', actions: ['s3:GetObject'], resources: [payloads.arnForObjects('*/*')] }),
	new PolicyStatement({ sid: 'MissPayloads', actions: ['s3:ListBucket'], resources: [payloads.bucketArn] }),
];
export const insertsPayloads = ({ payloads }: ThroughlineStore): PolicyStatement =>
	new PolicyStatement({ sid: 'InsertPayloads', actions: ['s3:PutObject'], resources: [payloads.arnForObjects('*/*')] });

/** What DynamoDB and S3 ask of the key in a caller's name. */
export const keyActions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

export function usesKey({ key }: Pick<ThroughlineStore, 'key'>): PolicyStatement {
	const { region } = Stack.of(key);
	return new PolicyStatement({
		sid: 'AtRest',
		actions: keyActions,
		resources: [key.keyArn],
		conditions: { StringEquals: { 'kms:ViaService': [`dynamodb.${region}.amazonaws.com`, `s3.${region}.amazonaws.com`] } },
	});
}

/** What every function that reads runs has. */
export const readsRuns = (store: ThroughlineStore, more: readonly string[]): PolicyStatement[] => [
	readsChains(store, [chains.runs, chains.generations, ...more]),
	describesLedger(store),
	opensContent(store),
	...readsPayloads(store),
	usesKey(store),
];

/** Raises findings, notes what has moved, and keeps a bookmark of its own beside them: reads that, and none of the findings. */
export const keepsRounds = ({ findings }: ThroughlineStore, whose: string): PolicyStatement[] => [
	new PolicyStatement({
		sid: 'Raise',
		actions: ['dynamodb:PutItem'],
		resources: [findings.tableArn],
		conditions: onChains([...findingKeys, ...roundKeys.moved, roundKeys.bookmark(whose)]),
	}),
	new PolicyStatement({
		sid: 'Rounds',
		actions: ['dynamodb:Query'],
		resources: [findings.tableArn],
		conditions: onChains([...roundKeys.moved, roundKeys.bookmark(whose)]),
	}),
];

/** The same words for a role as for a session's policy. */
export const statementOf = ({ actions, resources }: Access): PolicyStatement =>
	new PolicyStatement({ actions: [...actions], resources: [...resources] });
