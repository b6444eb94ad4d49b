/** Policies that say what a test wants. `error` is a policy that errs: a deny with errors (I3). */
import type { Policies, PolicyQuestion } from '../../core/ports.ts';

export type FakePolicies = Policies & {
	/** Every question so far, oldest first. */
	readonly asked: readonly PolicyQuestion[];
};

/** Without an input, the answer is always that it depends. */
export function fakePolicies(decide: (question: PolicyQuestion) => 'allow' | 'deny' | 'error'): FakePolicies {
	const asked: PolicyQuestion[] = [];
	return {
		digest: 'fa'.repeat(32),
		asked,
		decide(question) {
			asked.push(question);
			const says = decide(question);
			if (says === 'error') return { verdict: 'deny', policies: ['fake'], errors: ['policy fake: it errs'] };
			return { verdict: says, policies: ['fake'], errors: [] };
		},
		decideWithoutInput: () => ({ verdict: 'depends', policies: ['fake'] }),
	};
}
