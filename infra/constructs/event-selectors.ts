/**
 * What the trail sees: all of management, reads included, since AssumeRole is one; and data events of the ledger, the payloads,
 * the archive, the tables of transaction tools, and whatever tools' `grants` touch. `ingest` and `archive` are left out.
 */
import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Agent } from '../../core/agent/agent.ts';
import { dataTypes, selfFeeding } from '../../core/audit/known.ts';
import { namePrefix } from '../context.ts';
import type { ThroughlineRuntime } from './runtime.ts';

type Selector = CfnTrail.AdvancedEventSelectorProperty;
type Field = CfnTrail.AdvancedFieldSelectorProperty;

/** What of an ARN the trail is to see data events of: `startsWith` takes what it begins with. */
const watchedOf: Readonly<Record<string, (arn: string) => string | undefined>> = {
	s3: (arn) => `${arn.split('/')[0]}/`,
	dynamodb: (arn) => /^[^/]+\/[^/]+/.exec(arn)?.[0],
	lambda: (arn) => arn,
	sqs: (arn) => arn,
	sns: (arn) => arn,
};

export type Watched = {
	readonly runtime: ThroughlineRuntime;
	readonly agents: readonly Agent[];
	/** Tables that transaction tools write to. */
	readonly tables: readonly Table[];
};

export function selectorsFor({ runtime, agents, tables }: Watched): Selector[] {
	const { store, surroundings } = runtime;
	// A function's session bears its name.
	const notOurs: Field = { field: 'userIdentity.arn', notEndsWith: selfFeeding.map((name) => `/${namePrefix(surroundings.stage)}${name}`) };
	const data = (name: string, type: string, resources: string[]): Selector => ({
		name: `${namePrefix(surroundings.stage)}${name}`,
		fieldSelectors: [
			{ field: 'eventCategory', equalTo: ['Data'] },
			{ field: 'resources.type', equalTo: [type] },
			{ field: 'resources.ARN', startsWith: resources },
			notOurs,
		],
	});
	const buckets = [store.payloads, store.archive].map(({ bucketArn }) => `${bucketArn}/`);
	const selectors = [
		{ name: `${namePrefix(surroundings.stage)}management`, fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
		data(
			'ledger',
			'AWS::DynamoDB::Table',
			[store.ledger, ...tables].map(({ tableArn }) => tableArn),
		),
		data('objects', 'AWS::S3::Object', buckets),
	];
	for (const [service, type] of Object.entries(dataTypes)) {
		const touched = [...grantsOf(agents, service)].flatMap((arn) => watchedOf[service]?.(arn) ?? []);
		if (touched.length > 0) selectors.push(data(`tools-${service}`, type, [...new Set(touched)]));
	}
	return selectors;
}

/** Beginnings of the ARNs whose data events `selectors` see: by them a change of the selectors is judged. */
export const watchedBy = (selectors: readonly Selector[]): string[] => [
	...new Set(
		selectors.flatMap(({ fieldSelectors }) =>
			(fieldSelectors as readonly Field[]).flatMap(({ field, startsWith }) => (field === 'resources.ARN' ? (startsWith ?? []) : [])),
		),
	),
];

/** ARNs that tools of `agents` may touch, as far as they are said; a final `*` is what `startsWith` means. */
function grantsOf(agents: readonly Agent[], service: string): Set<string> {
	const all = agents.flatMap(({ tools }) =>
		[...tools.values()].flatMap(({ grants, lookupGrants }) => [...(grants ?? []), ...(lookupGrants ?? [])]),
	);
	const arns = all.flatMap(({ resources }) => resources).filter((arn) => arn.split(':')[2] === service);
	return new Set(arns.map((arn) => arn.replace(/\*$/, '')));
}
