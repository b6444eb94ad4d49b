/** How large bundles are once they are zipped, and what they may be: a cold start begins with fetching one. */
import { deflateRawSync } from 'node:zlib';
import type { Agent } from '../../core/agent/agent.ts';
import { agentFileIn, besideOf, loadAgents } from './agent-folders.ts';
import { type AgentKind, agentKinds, type BundleSpec, bundle, sharedKinds } from './bundle.ts';
import { filesIn } from './files.ts';

export const BUNDLE_BYTES = 400 * 1024;
/** Cedar's WebAssembly is the most of it. */
export const GUARD_BUNDLE_BYTES = 2.5 * 1024 * 1024;

export type MeasuredBundle = {
	readonly name: string;
	readonly kind: BundleSpec['kind'];
	readonly folder: string;
	readonly zippedBytes: number;
	readonly atMost: number;
};

/** A local header, one in the directory at the end, and that directory's own end. */
const ENTRY_BYTES = 30 + 46;
const END_BYTES = 22;

export function zippedBytes(folder: string): number {
	const entries = filesIn(folder).map(
		([name, bytes]) => ENTRY_BYTES + 2 * Buffer.byteLength(name) + deflateRawSync(bytes, { level: 9 }).length,
	);
	return entries.reduce((sum, size) => sum + size, END_BYTES);
}

/** Calls are taken in for agents without a planner only. */
export const kindsOf = ({ planner }: Pick<Agent, 'planner'>): AgentKind[] => agentKinds.filter((kind) => kind !== 'intake' || !planner);

/** Every function that the app deploys, tools and guards of one agent being one bundle each. */
export async function measuredBundles(): Promise<MeasuredBundle[]> {
	const agents = await loadAgents();
	const specs: [string, BundleSpec][] = [
		...sharedKinds.map((kind): [string, BundleSpec] => [kind, { kind }]),
		...agents.flatMap(({ agent, folder }) =>
			kindsOf(agent).map((kind): [string, BundleSpec] => [
				`${agent.name}: ${kind}`,
				{ kind, agentFile: agentFileIn(folder), beside: besideOf(folder) },
			]),
		),
	];
	return specs.map(([name, spec]) => {
		const folder = bundle(spec);
		const atMost = spec.kind === 'guard' ? GUARD_BUNDLE_BYTES : BUNDLE_BYTES;
		return { name, kind: spec.kind, folder, zippedBytes: zippedBytes(folder), atMost };
	});
}
