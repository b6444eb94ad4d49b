/** The public keys with which CloudTrail signs digests, as AWS tells them for the region that it is asked in. */
import { CloudTrailClient, type CloudTrailClientConfig, ListPublicKeysCommand } from '@aws-sdk/client-cloudtrail';
import type { TrailKey } from '../../core/audit/digest.ts';
import type { TrailKeys } from '../../core/audit/trail-ports.ts';

const PAGES = 20;

/** A client for each region asked about: a region's digests are signed with its own keys. */
export function cloudTrailKeys(config: Pick<CloudTrailClientConfig, 'endpoint' | 'credentials'> = {}): TrailKeys {
	return {
		inForce: async (region, { fromMs, toMs }) => {
			const client = new CloudTrailClient({ ...config, region });
			const keys: TrailKey[] = [];
			let token: string | undefined;
			for (let page = 0; page < PAGES; page += 1) {
				const answer = await client.send(
					new ListPublicKeysCommand({
						StartTime: new Date(fromMs),
						EndTime: new Date(toMs),
						...(token !== undefined && { NextToken: token }),
					}),
				);
				for (const { Fingerprint, Value, ValidityStartTime, ValidityEndTime } of answer.PublicKeyList ?? []) {
					if (Fingerprint === undefined || Value === undefined) continue;
					keys.push({
						fingerprint: Fingerprint,
						der: Value,
						validFromMs: ValidityStartTime?.getTime() ?? 0,
						validToMs: ValidityEndTime?.getTime() ?? Number.MAX_SAFE_INTEGER,
					});
				}
				token = answer.NextToken;
				if (token === undefined) break;
			}
			client.destroy();
			return keys;
		},
	};
}
