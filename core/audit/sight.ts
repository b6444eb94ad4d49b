/** What should be seen of a step's effect, as its tool says, and whether an event is that. */
import type { Sight, Tool } from '../agent/tool.ts';
import type { WitnessOf } from './witness.ts';

/**
 * `unwitnessable`, and why: the tool says so, nobody has said anything, the call can't be read any more, or the tool's own
 * code fails on it. Reported as such, never as fine.
 */
export type Expectation =
	| { readonly is: 'seen'; readonly sights: readonly Sight[] }
	| { readonly is: 'unwitnessable'; readonly why: 'nothing' | 'undeclared' | 'erased' | 'unreadable' };

export const erased: Expectation = { is: 'unwitnessable', why: 'erased' };

/** What should be seen of a call of `tool` with this recorded input. */
export function expectationOf(tool: Pick<Tool, 'witnessedBy' | 'input'>, call: { input: unknown; idempotencyKey: string }): Expectation {
	const { witnessedBy } = tool;
	if (typeof witnessedBy === 'string') return { is: 'unwitnessable', why: witnessedBy };
	const parsed = tool.input.safeParse(call.input);
	if (!parsed.success) return { is: 'unwitnessable', why: 'unreadable' };
	try {
		const sights = witnessedBy(parsed.data, { idempotencyKey: call.idempotencyKey });
		return sights.length > 0 ? { is: 'seen', sights } : { is: 'unwitnessable', why: 'nothing' };
	} catch {
		return { is: 'unwitnessable', why: 'unreadable' };
	}
}

/** Whether this call is what was to be seen. Whether it was refused, and whose it is, is asked elsewhere. */
export function isSight({ source, name, resource, request }: Sight, use: WitnessOf<'use'>): boolean {
	if (use.source !== source || use.name !== name) return false;
	if (resource !== undefined && !use.resources.includes(resource)) return false;
	return (
		request === undefined ||
		Object.entries(request).every(([path, value]) => Object.hasOwn(use.request, path) && use.request[path] === value)
	);
}
