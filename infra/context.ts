/** What a deployment is told: a few keys, each with values that are checked. `npx cdk deploy --all -c stage=prod` */
import type { Node } from 'constructs';
import * as z from 'zod';

/** What CloudWatch takes for the life of a log group, from a month up: all else that is kept follows it. */
const days = [30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;

const shapes = {
	stage: {
		shape: z.string().regex(/^[a-z][a-z0-9]{0,10}$/),
		standard: 'dev',
		takes: '1 to 11 of a-z 0-9, a letter first; prod keeps what it holds when it is torn down',
	},
	retentionDays: {
		shape: z.coerce.number().pipe(z.union(days.map((one) => z.literal(one)))),
		standard: 365,
		takes: `one of ${days.join(', ')}`,
	},
	objectLock: {
		shape: z.enum(['off', 'governance', 'compliance']),
		standard: 'off',
		takes: 'off, governance or compliance; compliance can be undone by nobody before its time',
	},
	trail: {
		shape: z.enum(['own', 'existing', 'off']),
		standard: 'own',
		takes:
			'own, existing (an organisation has one: name it by trailArn, trailLogGroup and trailBucket) or off (where there is no CloudTrail)',
	},
	trailArn: {
		shape: z.string().regex(/^(arn:[\w-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+)?$/),
		standard: '',
		takes: 'the ARN of a trail',
	},
	trailLogGroup: {
		shape: z.string().regex(/^[\w.\-/#]{0,512}$/),
		standard: '',
		takes: 'the name of the log group that the trail writes to',
	},
	trailBucket: { shape: z.string().regex(/^([a-z0-9.-]{3,63})?$/), standard: '', takes: "the name of the trail's bucket" },
	reconcileDelaySeconds: {
		shape: z.coerce
			.string()
			.regex(/^\d{1,5}$/)
			.transform(Number)
			.pipe(z.int().max(86_400)),
		// CloudTrail delivers within five minutes as a rule; what is concluded from the stream waits for four times as long.
		standard: 1_200,
		takes: 'whole seconds, 0 to 86400',
	},
	alarmEmail: { shape: z.email().or(z.literal('')), standard: '', takes: 'an e-mail address, or nothing' },
} as const;

export type DeploymentContext = {
	readonly stage: string;
	readonly retentionDays: (typeof days)[number];
	readonly objectLock: 'off' | 'governance' | 'compliance';
	readonly reconcileDelaySeconds: number;
	readonly alarmEmail: string | undefined;
	readonly trail: TrailContext;
};
/** `off` leaves out what an emulated account refuses: the trail and its bucket. Events may still come by the log group. */
export type TrailContext =
	| { readonly is: 'own' }
	| { readonly is: 'off' }
	| { readonly is: 'existing'; readonly arn: string; readonly logGroup: string; readonly bucket: string };

/** A context key with a value that it does not take. */
export class ContextError extends Error {
	override name = 'ContextError';
}

/** @throws ContextError naming the key, its value and what it takes. */
export function readContext(node: Pick<Node, 'tryGetContext'>): DeploymentContext {
	const read = <Key extends keyof typeof shapes>(key: Key): z.infer<(typeof shapes)[Key]['shape']> => {
		const { shape, standard, takes } = shapes[key];
		const given: unknown = node.tryGetContext(key) ?? standard;
		const parsed = shape.safeParse(given);
		if (!parsed.success) throw new ContextError(`context ${key} is ${JSON.stringify(given)}; it takes ${takes}`);
		return parsed.data as z.infer<(typeof shapes)[Key]['shape']>;
	};
	return {
		stage: read('stage'),
		retentionDays: read('retentionDays'),
		objectLock: read('objectLock'),
		reconcileDelaySeconds: read('reconcileDelaySeconds'),
		alarmEmail: read('alarmEmail') || undefined,
		trail: trailOf({ is: read('trail'), arn: read('trailArn'), logGroup: read('trailLogGroup'), bucket: read('trailBucket') }),
	};
}

function trailOf({ is, ...named }: { is: TrailContext['is']; arn: string; logGroup: string; bucket: string }): TrailContext {
	if (is !== 'existing') return { is };
	const missing = Object.entries({ trailArn: named.arn, trailLogGroup: named.logGroup, trailBucket: named.bucket }).find(
		([, value]) => value === '',
	);
	if (missing) throw new ContextError(`context trail is existing; it takes ${missing[0]} as well`);
	return { is, ...named };
}

/** What stands before every deployed name. A stage is one deployment in an account: another region takes another stage. */
export const namePrefix = (stage: string): string => `throughline-${stage}-`;

/** In prod, what holds a record outlives its stack. */
export const isKept = (stage: string): boolean => stage === 'prod';
