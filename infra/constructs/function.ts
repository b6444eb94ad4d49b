/** One function with a role, a log group and nothing else: no permission that is not in its list. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type BundleSpec, bundle, handlerFile } from '../bundling/bundle.ts';
import { isKept, namePrefix } from '../context.ts';
import type { Notifying } from './alarms.ts';

/** What all functions of one deployment share. */
export type Surroundings = Notifying & { readonly retentionDays: number; readonly boundary: IManagedPolicy };

export type FunctionProps = Surroundings & {
	/** By core's name for it; the deployment's prefix comes before. */
	readonly name: string;
	readonly bundle: BundleSpec;
	readonly timeoutSeconds: number;
	readonly memoryMb?: number;
	readonly environment: Readonly<Record<string, string>>;
	readonly statements: readonly PolicyStatement[];
	/** Where events go that it was given asynchronously and could not serve. */
	readonly undelivered?: IQueue;
};

const MEMORY_MB = 512;

export class BoundFunction extends Construct {
	readonly role: Role;
	readonly function: LambdaFunction;

	constructor(scope: Construct, id: string, props: FunctionProps) {
		super(scope, id);
		this.role = new Role(this, 'Role', {
			assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
			permissionsBoundary: props.boundary,
			description: `Throughline ${props.stage}: ${props.name}`,
		});
		const logs = new LogGroup(this, 'Logs', {
			retention: props.retentionDays as RetentionDays,
			removalPolicy: isKept(props.stage) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
		});
		const writesLogs = new PolicyStatement({
			sid: 'OwnLogs',
			actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
			resources: [logs.logGroupArn],
		});
		const gives =
			props.undelivered &&
			new PolicyStatement({ sid: 'Undelivered', actions: ['sqs:SendMessage'], resources: [props.undelivered.queueArn] });
		const policy = new Policy(this, 'Policy', {
			roles: [this.role],
			statements: [writesLogs, ...props.statements, ...(gives ? [gives] : [])],
		});
		this.function = new LambdaFunction(this, 'Function', {
			functionName: `${namePrefix(props.stage)}${props.name}`,
			runtime: Runtime.NODEJS_24_X,
			architecture: Architecture.ARM_64,
			handler: handlerFile.replace(/\.mjs$/, '.handler'),
			code: Code.fromAsset(bundle(props.bundle)),
			role: this.role,
			logGroup: logs,
			timeout: Duration.seconds(props.timeoutSeconds),
			memorySize: props.memoryMb ?? MEMORY_MB,
			environment: { ...props.environment },
			...(props.undelivered && { deadLetterQueue: props.undelivered }),
		});
		// Its first invocation reads the ledger while it loads.
		this.function.node.addDependency(policy);
	}
}
