/** What policies can reach of a request, so that the rest need not be put to them. */
import type { Json } from '../../core/ids.ts';
import { type PolicyTexts, treeOf } from './wasm.ts';

/** The attributes of `context` that any of the policies names; undefined where one uses the context as a whole. */
export function namedOfContext(policies: PolicyTexts): ReadonlySet<string> | undefined {
	const named = new Set<string>();
	const trees = Object.values(policies).map(treeOf);
	return trees.every((tree) => tree !== undefined && collect(tree, named)) ? named : undefined;
}

/** Without attributes that no policy names: no answer can depend on them, and each costs its time. */
export function reachable(context: { readonly [key: string]: Json }, named: ReadonlySet<string> | undefined): { [key: string]: Json } {
	return named ? Object.fromEntries(Object.entries(context).filter(([key]) => named.has(key))) : { ...context };
}

/** `context has a.b` names a path. */
function add(attribute: unknown, named: Set<string>): boolean {
	const first: unknown = Array.isArray(attribute) ? attribute[0] : attribute;
	if (typeof first !== 'string') return false;
	named.add(first);
	return true;
}

/** Adds what `node` names to `named`; false where the context stands for itself. */
function collect(node: unknown, named: Set<string>): boolean {
	if (typeof node !== 'object' || node === null) return true;
	return Object.entries(node).every(([operator, operand]) => {
		if (operator === 'Var') return operand !== 'context';
		if ((operator === '.' || operator === 'has') && operand?.left?.Var === 'context') return add(operand.attr, named);
		return collect(operand, named);
	});
}
