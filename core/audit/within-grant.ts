/** Whether a call lies within what its session was granted: its time, its region, its resources (I2). */
import type { Access } from '../agent/tool.ts';
import { type Expectation, isSight } from './sight.ts';
import { SLACK_MS, type Terms } from './terms.ts';
import type { WitnessOf } from './witness.ts';

type Use = WitnessOf<'use'>;
export type Bounds = {
	readonly notAfter: number | undefined;
	/** What the session policy allows; `undefined` where the session's issue was not seen. */
	readonly allows: readonly Access[] | undefined;
	/** What should be seen of the step, for services that are not AWS's and know no session policies. */
	readonly expected: Expectation | undefined;
	readonly regions: Terms['regions'];
};

/** How a call that was not refused lies outside; `undefined` when it does not. `unchecked`: it names nothing that could be compared. */
export function outside(
	use: Use,
	bounds: Bounds,
): { readonly is: 'outside'; readonly why: string } | { readonly is: 'unchecked' } | undefined {
	const { notAfter, allows, expected } = bounds;
	const said = (why: string) => ({ is: 'outside', why: `${use.name} of ${use.source} ${why}` }) as const;
	if (!regionsOf(bounds, use).has(use.region)) return said(`in region ${use.region}, where this deployment is not`);
	if (notAfter !== undefined && use.at > notAfter + SLACK_MS) {
		return said(`at ${new Date(use.at).toISOString()}, ${Math.ceil((use.at - notAfter) / 1000)} s after the grant's end`);
	}
	// A service in the session's name, as DynamoDB uses a key: AWS lets it do no more than the session may.
	if (use.session.invokedBy !== null) return undefined;
	if (!use.source.endsWith('.amazonaws.com')) {
		if (use.readOnly || expected?.is !== 'seen' || expected.sights.some((sight) => isSight(sight, use))) return undefined;
		return said('that is not what the recorded call comes to');
	}
	if (allows === undefined) return { is: 'unchecked' };
	if (use.source === 'sts.amazonaws.com' && use.name === 'GetCallerIdentity') return undefined;
	const service = serviceOf(use.source);
	const granted = allows.filter(({ actions }) => actions.some((action) => action.startsWith(`${service}:`)));
	if (granted.length === 0) return said(`though nothing of ${service} was granted`);
	if (use.resources.length === 0) return { is: 'unchecked' };
	const resources = granted.flatMap((statement) => statement.resources);
	const foreign = use.resources.find((named) => !resources.some((resource) => covers(resource, named)));
	return foreign === undefined ? undefined : said(`on ${foreign}, which was not granted`);
}

/** The resource itself; what it lies in, as events name an object's bucket with it; or a part of it, as an index is of its table. */
const covers = (granted: string, named: string): boolean =>
	granted === named || granted.startsWith(`${named}/`) || named.startsWith(`${granted}/index/`);

/** Services whose events bear another name than their actions. */
const services = new Map([
	['monitoring', 'cloudwatch'],
	['email', 'ses'],
	['tagging', 'tag'],
]);
const serviceOf = (source: string): string => {
	const name = source.slice(0, -'.amazonaws.com'.length);
	return services.get(name) ?? name;
};

/** Services without regions say that they are in one of these. */
const everywhere = new Set([
	'iam.amazonaws.com',
	'sts.amazonaws.com',
	'cloudfront.amazonaws.com',
	'route53.amazonaws.com',
	'organizations.amazonaws.com',
]);
const globalRegions = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];

function regionsOf({ regions, allows }: Bounds, use: Use): Set<string> {
	const granted = (allows ?? []).flatMap(({ resources }) => resources.map((resource) => resource.split(':')[3] ?? ''));
	return new Set([...regions, ...granted.filter((region) => region !== ''), ...(everywhere.has(use.source) ? globalRegions : [])]);
}
