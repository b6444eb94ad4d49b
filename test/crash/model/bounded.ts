/** A scenario's small bounds, as mutations of `core/bounds.ts`: so the search reaches what real bounds put far away. */
import { readFileSync } from 'node:fs';
import type { Mutation } from '../mutate/mutation.ts';
import type { Scenario } from './settings.ts';

const file = 'core/bounds.ts';

/** @throws Error for a bound that `core/bounds.ts` does not name. */
export function boundsOf({ bounds }: Scenario): Mutation {
	const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
	const edits = Object.entries(bounds).map(([name, value]) => {
		const find = new RegExp(`${name} = [\\d_]+;`).exec(source)?.[0];
		if (find === undefined) throw new Error(`${file} names no bound ${name}`);
		return { file, find, replace: `${name} = ${value};` };
	});
	return { name: 'small bounds', says: JSON.stringify(bounds), edits };
}
