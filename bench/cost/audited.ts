/** What is done with a run of 1,000 steps besides driving it: its sessions taken in, its entries archived and compared, its ledger reconciled. All of it counted. */
import { dynamoCoverage, dynamoFindings, dynamoWitnesses } from '../../adapters/dynamodb/audit.ts';
import { dynamoMoved } from '../../adapters/dynamodb/rounds.ts';
import { memoryArchive } from '../../adapters/memory/archive.ts';
import type { Archive, TableChange } from '../../core/audit/archive-ports.ts';
import { readEvent } from '../../core/audit/event.ts';
import { hourOf } from '../../core/audit/rounds.ts';
import { epochMs } from '../../core/ids.ts';
import { type ArchiveSurroundings, archive } from '../../functions/archive/archive.ts';
import { compare } from '../../functions/archive/compare.ts';
import { noting } from '../../functions/ingest/noting.ts';
import { reconcileRun } from '../../functions/reconcile/reconcile.ts';
import { standingOf } from '../../functions/reconcile/visits.ts';
import { issueEvent, known, REGION } from '../../test/doubles/cloudtrail.ts';
import { type Charged, countedDynamo, noCharge, type Tables } from './counted-dynamodb.ts';
import type { Played } from './measured.ts';

export type Audited = {
	readonly steps: number;
	readonly entries: number;
	/** Sessions issued, each an AssumeRole in the trail, and what their policies and tags add to such an event. */
	readonly issues: number;
	readonly issueBytes: number;
	readonly ingest: Charged;
	readonly archive: Charged & { s3Puts: number; s3Gets: number; storedInS3: number };
	/** Reconciling it once. */
	readonly visit: Charged;
	/** Comparing it with the archive once. */
	readonly comparing: Charged & { s3Puts: number; s3Gets: number };
};

const [WITNESSES, FINDINGS] = ['witnesses', 'findings'];
const log = (): void => {};

/** @param entriesPerBatch how many entries come to `archive` together */
export async function audited(played: Played, entriesPerBatch: number): Promise<Audited> {
	const tables: Tables = new Map();
	const { entries, sessions, measured } = played;
	const ingest = await tookIn(played, tables);
	const objects = memoryArchive();
	const archiving = { ...noCharge(), s3Puts: 0, s3Gets: 0, storedInS3: 0 };
	const put = countedArchive(objects, archiving);
	const around = (charged: Charged, to: Archive): ArchiveSurroundings => ({
		archive: to,
		findings: dynamoFindings(countedDynamo(tables, charged), FINDINGS ?? ''),
		log,
	});
	const moved = dynamoMoved(countedDynamo(tables, archiving), FINDINGS ?? '');
	for (let first = 0; first < entries.length; first += entriesPerBatch) {
		const batch = entries.slice(first, first + entriesPerBatch);
		const changes = batch.map((entry): TableChange => ({ sequenceNumber: `${entry.place}`, how: 'insert', item: { is: 'entry', entry } }));
		await archive(changes, around(archiving, put));
		await moved.note(played.run, hourOf(0));
	}
	archiving.storedInS3 = [...objects.objects.values()].reduce((sum, text) => sum + text.length, 0);
	const comparing = { ...noCharge(), s3Puts: 0, s3Gets: 0 };
	const { ledger } = played.storeFor(comparing);
	const compared = await compare(played.run, { ...around(comparing, countedArchive(objects, comparing)), ledger });
	if (compared.known !== entries.length || compared.findings > 0) throw new Error('the archive is not what was archived');
	return {
		steps: measured.steps,
		entries: entries.length,
		issues: sessions.length,
		issueBytes: sessions.reduce((sum, { request }) => sum + request.policy.length + JSON.stringify(request.tags).length, 0),
		ingest,
		archive: archiving,
		visit: await visited(played, tables),
		comparing,
	};
}

async function tookIn({ sessions }: Played, tables: Tables): Promise<Charged> {
	const charged = noCharge();
	const client = countedDynamo(tables, charged);
	const witnesses = noting(dynamoWitnesses(client, WITNESSES ?? ''), { moved: dynamoMoved(client, WITNESSES ?? ''), now: () => 0 });
	for (const session of sessions) {
		const read = readEvent(issueEvent(session), known, 'stream');
		if (read.is !== 'witness') throw new Error(`a session is no witness: ${read.is}`);
		await witnesses.put(read.witness);
	}
	return charged;
}

/** @throws Error when anything is found: what is counted is a run that went well. */
async function visited({ run, agent, storeFor }: Played, tables: Tables): Promise<Charged> {
	const charged = noCharge();
	const client = countedDynamo(tables, charged);
	const clock = { now: () => epochMs.parse(0) };
	const surroundings = {
		store: { ...storeFor(charged), clock, randomness: { bytes: (length: number) => new Uint8Array(length) } },
		witnesses: dynamoWitnesses(client, WITNESSES ?? ''),
		coverage: dynamoCoverage(client, WITNESSES ?? ''),
		findings: dynamoFindings(client, FINDINGS ?? ''),
		moved: dynamoMoved(client, FINDINGS ?? ''),
		agent: agent.name,
		agentOf: async () => agent,
		terms: async () => ({
			regions: [REGION],
			watermark: { until: epochMs.parse(4_000_000_000_000), restsOn: 'stream' as const },
			commits: 'witnessed' as const,
		}),
		log,
		now: () => 0,
	};
	await standingOf(run, surroundings);
	const { findings, counts } = await reconcileRun(run, surroundings);
	if (findings.length > 0) throw new Error(`an honest run gives ${findings[0]?.kind}: ${findings[0]?.why}`);
	if (counts.sessions === 0) throw new Error('no session was seen');
	return charged;
}

const countedArchive = (objects: Archive, count: { s3Puts: number; s3Gets: number }): Archive => ({
	...objects,
	put: (name, text) => {
		count.s3Puts += 1;
		return objects.put(name, text);
	},
	get: (name) => {
		count.s3Gets += 1;
		return objects.get(name);
	},
	list: (prefix, page) => {
		// A list is paid as a put is.
		count.s3Puts += 1;
		return objects.list(prefix, page);
	},
});
