/** Findings of cdk-nag that stay, each with why. What is not listed fails the synthesis. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';
import type { ThroughlineStore } from './store.ts';

/** Reasons by rule, for `construct` and what is in it. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
	for (const [rule, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/** Allows resources with a `*` in them, each as it is written, for one reason. */
export function acknowledgeWildcards(construct: IConstruct, resources: readonly string[], reason: string): void {
	const stack = Stack.of(construct);
	for (const resource of resources.filter((one) => one.includes('*'))) {
		acknowledge(construct, { [`IAM5[Resource::${flattenCfnReference(stack.resolve(resource))}]`]: reason });
	}
}

/** Objects of the payload bucket, as a template writes them that `construct` is in: another stack's are imported. */
export const payloadsSeenFrom = (construct: IConstruct, { payloads }: ThroughlineStore, objects: string): string =>
	objectsSeenFrom(construct, payloads, objects);

/** The same of any bucket. */
export function objectsSeenFrom(construct: IConstruct, bucket: Bucket, objects: string): string {
	const home = Stack.of(bucket);
	const arn = home === Stack.of(construct) ? bucket.bucketArn : home.exportValue(bucket.bucketArn);
	return `${arn}/${objects}`;
}
