/**
 * Where people answer: a function for each kind of word, behind a URL that only signed requests reach, so that who may
 * approve, stop or freeze is for IAM to say, and who did is what AWS verified.
 */

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { recoveringVariables, Variables } from '../../functions/lambda/environment.ts';
import { BoundFunction, type Surroundings } from './function.ts';
import type { Machines } from './machines.ts';
import { appendsTo, chains, insertsPayloads, readsRuns } from './permissions.ts';
import type { ThroughlineStore } from './store.ts';

const words = ['decide', 'close', 'freeze'] as const;
type Word = (typeof words)[number];
const SECONDS = 30;

export type DeskProps = Surroundings & {
	readonly store: ThroughlineStore;
	readonly machines: Machines;
	readonly ledgerEnvironment: Readonly<Record<string, string>>;
};

export class Desk extends Construct {
	readonly urls: Readonly<Record<Word, string>>;

	constructor(scope: Construct, id: string, { store, machines, ledgerEnvironment, ...surroundings }: DeskProps) {
		super(scope, id);
		const environment: Omit<Variables<typeof recoveringVariables>, keyof typeof ledgerEnvironment> = {
			THROUGHLINE_RECOVER_MACHINE: machines.arns.recover,
		};
		const urlOf = (word: Word): string => {
			// Only a freeze writes to control chains.
			const control = word === 'freeze' ? [chains.everything, chains.everyAgent] : [];
			const built = new BoundFunction(this, word, {
				...surroundings,
				name: word,
				bundle: { kind: word },
				timeoutSeconds: SECONDS,
				environment: { ...ledgerEnvironment, ...environment },
				statements: [
					...readsRuns(store, control),
					appendsTo(store, [chains.runs, ...control]),
					insertsPayloads(store),
					new PolicyStatement({ sid: 'Recover', actions: ['states:StartExecution'], resources: [machines.arns.recover] }),
				],
			});
			return built.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
		};
		this.urls = { decide: urlOf('decide'), close: urlOf('close'), freeze: urlOf('freeze') };
	}
}
