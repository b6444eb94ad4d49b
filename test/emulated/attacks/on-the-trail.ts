/** Attacks on the trail itself, by an administrator, through CloudTrail's own API; each is undone, as somebody who notices does. */
import type { TrailAdministration } from '../deployment/trail.ts';

export type TrailAttack = {
	readonly does: (trail: TrailAdministration) => Promise<void>;
	readonly undone: (trail: TrailAdministration) => Promise<void>;
};

export const onTheTrail: Readonly<Record<string, TrailAttack>> = {
	'the trail stopped': { does: ({ stop }) => stop(), undone: ({ start }) => start() },
	'the trail narrowed': { does: ({ inAllRegions }) => inAllRegions(false), undone: ({ inAllRegions }) => inAllRegions(true) },
	'the trail deleted': { does: (trail) => trail.delete(), undone: ({ create }) => create() },
};
