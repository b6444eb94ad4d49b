/**
 * The part of the Amazon States Language that our definitions use. Strict, so that nothing gets in which one of the
 * engines does not run: `aws-local-stepfunctions` knows no heartbeats, no credentials and no distributed Map.
 *
 * @see https://states-language.net/spec.html
 */
import * as z from 'zod';

export { type MachineName, machineNames } from '../core/ids.ts';

/** What stands as `${…}` in a definition until it is deployed, or run by the embedded host. */
export const placeholders = ['FunctionPrefix', 'StepMachineArn', 'AgentRunMachineArn', 'RecoverMachineArn'] as const;
export type Placeholder = (typeof placeholders)[number];

const resultPath = z.string().nullable().exactOptional();
const common = { Comment: z.string().exactOptional() };
/** asl-validator demands exactly one of the two. */
const goesOn = { Next: z.string().exactOptional(), End: z.literal(true).exactOptional() };
const template = z.record(z.string(), z.json());

const retrier = z.strictObject({
	ErrorEquals: z.array(z.string()).min(1),
	IntervalSeconds: z.int().min(1).exactOptional(),
	BackoffRate: z.number().min(1).exactOptional(),
	MaxDelaySeconds: z.int().min(1).exactOptional(),
	MaxAttempts: z.int().min(0),
	JitterStrategy: z.enum(['FULL', 'NONE']).exactOptional(),
});
const catcher = z.strictObject({ ErrorEquals: z.array(z.string()).min(1), ResultPath: resultPath, Next: z.string() });
const guarded = { Retry: z.array(retrier).exactOptional(), Catch: z.array(catcher).exactOptional() };

const task = z.strictObject({
	Type: z.literal('Task'),
	...common,
	Resource: z.string(),
	Parameters: template,
	ResultSelector: template.exactOptional(),
	ResultPath: resultPath,
	TimeoutSeconds: z.int().min(1).exactOptional(),
	...guarded,
	...goesOn,
});
const equals = z.strictObject({ Variable: z.string(), StringEquals: z.string(), Next: z.string() });
const present = z.strictObject({ Variable: z.string(), IsPresent: z.literal(true), Next: z.string() });
const rule = z.union([equals, present]);
const choice = z.strictObject({ Type: z.literal('Choice'), ...common, Choices: z.array(rule).min(1), Default: z.string().exactOptional() });
/** By a path only: how long is the guard's to say. */
const wait = z.strictObject({ Type: z.literal('Wait'), ...common, SecondsPath: z.string(), ...goesOn });
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common });
const fail = z.strictObject({ Type: z.literal('Fail'), ...common, Error: z.string(), Cause: z.string() });
const plain = z.discriminatedUnion('Type', [task, choice, wait, succeed, fail]);

const map = z.strictObject({
	Type: z.literal('Map'),
	...common,
	ItemsPath: z.string(),
	MaxConcurrency: z.int().min(1),
	ItemProcessor: z.strictObject({
		ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }),
		StartAt: z.string(),
		States: z.record(z.string(), plain),
	}),
	ResultPath: resultPath,
	...guarded,
	...goesOn,
});

export const machine = z.strictObject({
	Comment: z.string(),
	StartAt: z.string(),
	States: z.record(z.string(), z.discriminatedUnion('Type', [...plain.options, map])),
});
export type Machine = z.infer<typeof machine>;
export type State = Machine['States'][string];
export type Task = z.infer<typeof task>;
export type Rule = z.infer<typeof rule>;
export type MapState = z.infer<typeof map>;
/** States that go on to one another: a machine, or what a Map does with each item. */
export type Scope = { StartAt: string; States: Record<string, State> };

/** What a rule of a Choice goes by, in a word. */
export const wordOf = (of: Rule): string => ('StringEquals' in of ? of.StringEquals : `has ${of.Variable.replace('$.', '')}`);

/** The states `state` may go on to, and on what: a Choice's value, errors that are caught, or just so. */
export function ways(state: State): { to: string; on?: string }[] {
	const caught = 'Catch' in state ? (state.Catch ?? []).map(({ ErrorEquals, Next }) => ({ to: Next, on: ErrorEquals.join(', ') })) : [];
	if (state.Type === 'Choice')
		return [
			...state.Choices.map((rule) => ({ to: rule.Next, on: wordOf(rule) })),
			...(state.Default ? [{ to: state.Default, on: 'otherwise' }] : []),
		];
	return 'Next' in state && state.Next ? [{ to: state.Next }, ...caught] : caught;
}
