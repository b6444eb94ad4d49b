/**
 * How much a tool's roles are deployed with. A session can never do more than its role, so what `access` asks for beyond
 * these bounds is refused by AWS, whoever asks.
 */
import type { Access } from '../agent/tool.ts';

/** Whether every action on every resource of `access` lies within `grants`. */
export const covers = (grants: readonly Access[], access: readonly Access[]): boolean =>
	access.every(({ actions, resources }) =>
		actions.every((action) => resources.every((resource) => grants.some((grant) => within(grant, action, resource)))),
	);

function within(grant: Access, action: string, resource: string): boolean {
	if (!grant.actions.includes(action)) return false;
	return grant.resources.some((bound) => (bound.endsWith('*') ? resource.startsWith(bound.slice(0, -1)) : resource === bound));
}

/** What makes a grant no bound, as a sentence; `undefined` when it is one. */
export function unbounded({ actions, resources }: Access): string | undefined {
	if (actions.length === 0 || resources.length === 0) return 'names no action or no resource; leave it out, or name both';
	const action = actions.find((name) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(name));
	if (action !== undefined) return `allows ${JSON.stringify(action)}; name each action, without wildcards`;
	const resource = resources.find((name) => !isBound(name));
	return resource === undefined
		? undefined
		: `reaches ${JSON.stringify(resource)}; name an ARN down to whose it is, with a * at its very end at most`;
}

/**
 * Six parts, the last of which says whose it is before a `*` may follow: `table/orders/index/*` is a bound, `table/*` is
 * everybody's. A bucket's name is all there is of whose it is.
 */
function isBound(resource: string): boolean {
	const [arn, partition, service, , , ...rest] = resource.split(':');
	const owned = rest.join(':');
	if (arn !== 'arn' || !partition || !service || !owned || /[*?]|\$\{/.test(resource.replace(/\*$/, ''))) return false;
	if (!owned.endsWith('*')) return true;
	const parts = owned.slice(0, -1).split(/[/:]/);
	const named = parts.filter((part) => part !== '').length;
	return service === 's3' ? named > 0 && parts.length > 1 : named > 1 || (named === 1 && parts.length === 1);
}
