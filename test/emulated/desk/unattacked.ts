/** All runs but those that an attack was played on: whoever compares ledgers with journals would be right to object to them. */
import type { Runs } from '../../../core/ports.ts';
import { isAttacked } from '../world/copies.ts';

export const unattacked = ({ list }: Runs): Runs => ({
	list: async ({ after, limit }) => {
		const found: string[] = [];
		let last = after;
		for (;;) {
			const page = await list({ ...(last !== undefined && { after: last }), limit });
			found.push(...page.filter((run) => !isAttacked(run)));
			last = page.at(-1);
			if (page.length < limit || found.length >= limit) return found.slice(0, limit);
		}
	},
});
