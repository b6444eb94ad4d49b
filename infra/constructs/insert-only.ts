/** Tables to which items are added and in which none is changed, whatever anybody's role says. */
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What changes or removes an item that stands. `PutItem` can't be among them: it is how entries are written. */
export const changingActions = [
	'dynamodb:UpdateItem',
	'dynamodb:DeleteItem',
	'dynamodb:BatchWriteItem',
	'dynamodb:PartiQLInsert',
	'dynamodb:PartiQLUpdate',
	'dynamodb:PartiQLDelete',
	'dynamodb:UpdateTimeToLive',
];

/** A table's own policy, by which nobody changes what stands in it. */
export const insertOnly = (sid: string): PolicyDocument =>
	new PolicyDocument({
		statements: [
			new PolicyStatement({
				sid,
				effect: Effect.DENY,
				principals: [new AnyPrincipal()],
				actions: changingActions,
				// In a table's own policy: this table.
				resources: ['*'],
			}),
		],
	});
