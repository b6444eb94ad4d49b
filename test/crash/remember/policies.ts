/** A port of policies that answers the same question once. */
import type { Policies } from '../../../core/ports.ts';
import { remembered } from './remembered.ts';

/** By what the policies' own digest covers, and by the whole question. */
const answers = remembered<string, ReturnType<Policies['decide']>>('a decision');

export const decidingOnce = (policies: Policies): Policies => ({
	...policies,
	decide: (question) => {
		const asked = `${policies.digest} ${JSON.stringify(question)}`;
		return answers.of(asked, () => policies.decide(question));
	},
});
