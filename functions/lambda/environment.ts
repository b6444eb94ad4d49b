/**
 * What functions are told by their environment: every name once, read here and set by whoever deploys. Ids and names
 * only, never secrets.
 */
import * as z from 'zod';
import type { Known } from '../../core/audit/known.ts';
import { agentName, toolName } from '../../core/ids.ts';
import { jsonText } from '../../core/json-text.ts';

const name = z.string().min(1).max(512);
const access = z.array(z.object({ actions: z.array(z.string()), resources: z.array(z.string()) }));

/** Where the ledger lies, with its keys and its payloads. */
export const ledgerVariables = z.object({ THROUGHLINE_LEDGER_TABLE: name, THROUGHLINE_KEYS_TABLE: name, THROUGHLINE_PAYLOAD_BUCKET: name });

/** Whose runs it tells of, and no others. */
export const statusVariables = ledgerVariables.extend({ THROUGHLINE_AGENT: agentName });

export const guardVariables = ledgerVariables.extend({
	THROUGHLINE_TOOL: toolName,
	/** A role's ARN up to the name that core has for it. */
	THROUGHLINE_ROLE_PREFIX: name,
	THROUGHLINE_MARGIN_MS: z.coerce.number().int().min(0).max(60_000),
	/** The hard timeout of the tool's function. */
	THROUGHLINE_TOOL_SECONDS: z.coerce.number().int().min(1).max(900),
	/** The real table behind each name that the tool declares. */
	THROUGHLINE_TABLES: jsonText(z.record(z.string(), z.string())),
	/** What the session that commits a transaction is given. */
	THROUGHLINE_COMMIT_ACCESS: jsonText(access),
});

export const toolVariables = z.object({ THROUGHLINE_TOOL: toolName, THROUGHLINE_GUARD_FUNCTION: name });

/** A function that starts executions of one machine, after what it wrote. */
export const recoveringVariables = ledgerVariables.extend({ THROUGHLINE_RECOVER_MACHINE: name });
export const openVariables = ledgerVariables.extend({ THROUGHLINE_AGENT_RUN_MACHINE: name, THROUGHLINE_CODE_DIGEST: name });
/** A sweep looks at all machines; those that act steps are several, since each agent that runs elsewhere has one. */
export const sweepVariables = recoveringVariables.extend({
	THROUGHLINE_AGENT_RUN_MACHINE: name,
	THROUGHLINE_STEP_MACHINES: jsonText(z.array(name).min(1)),
});

/** By what the audit's functions tell our own sessions, record and trail from all others. */
export const knownVariables = z.object({
	/** A role's ARN up to the name that core has for it. */
	THROUGHLINE_ROLE_PREFIX: name,
	THROUGHLINE_LEDGER_ARN: name,
	THROUGHLINE_PAYLOAD_BUCKET: name,
	/** ARNs of the trail, the bucket of its files, the log group and the stream. */
	THROUGHLINE_CARRIERS: jsonText(z.array(name)),
	/** What the trail has to see data events of; nothing where that is not known. */
	THROUGHLINE_WATCHED: jsonText(z.array(name)),
});
export const ingestVariables = knownVariables.extend({ THROUGHLINE_WITNESSES_TABLE: name, THROUGHLINE_POISON_QUEUE: name });
export const backfillVariables = knownVariables.extend({
	THROUGHLINE_WITNESSES_TABLE: name,
	THROUGHLINE_TRAIL_BUCKET: name,
	THROUGHLINE_TRAIL_NAME: name,
	/** What stands before \`AWSLogs/\`: nothing, for most. */
	THROUGHLINE_TRAIL_PREFIX: z.string().max(512),
	THROUGHLINE_TRAIL_REGIONS: jsonText(z.array(name).min(1)),
	THROUGHLINE_ACCOUNT: name,
});

export const archiveVariables = z.object({
	THROUGHLINE_LEDGER_TABLE: name,
	THROUGHLINE_ARCHIVE_BUCKET: name,
	THROUGHLINE_FINDINGS_TABLE: name,
	/** By agent: the queue whose closed runs somebody reconciles. */
	THROUGHLINE_CLOSED_QUEUES: jsonText(z.record(agentName, name)),
});

export const reconcileVariables = ledgerVariables.extend({
	THROUGHLINE_WITNESSES_TABLE: name,
	THROUGHLINE_FINDINGS_TABLE: name,
	/** The deployment's own, and others in which its tools act. */
	THROUGHLINE_REGIONS: jsonText(z.array(name).min(1)),
	/** How long after something happened all that was seen of it has come by the stream. */
	THROUGHLINE_RECONCILE_DELAY_SECONDS: z
		.string()
		.regex(/^\d{1,5}$/)
		.transform(Number),
});

export const knownOf = (given: z.infer<typeof knownVariables>): Known => ({
	rolePrefix: given.THROUGHLINE_ROLE_PREFIX,
	ledger: given.THROUGHLINE_LEDGER_ARN,
	payloads: given.THROUGHLINE_PAYLOAD_BUCKET,
	carriers: given.THROUGHLINE_CARRIERS,
	...(given.THROUGHLINE_WATCHED.length > 0 && { watched: given.THROUGHLINE_WATCHED }),
});

/** What has to be set for a function that reads `shape`. */
export type Variables<Shape extends z.ZodObject> = { readonly [Name in keyof z.infer<Shape>]: string };

/** @throws TypeError naming the variables that are missing or wrong; their values are not told. */
export function readEnvironment<Shape extends z.ZodObject>(
	shape: Shape,
	environment: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<Shape> {
	const parsed = shape.safeParse(environment);
	if (parsed.success) return parsed.data;
	const wrong = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
	throw new TypeError(`the environment lacks ${wrong.join(', ')}, or has something else there; deploy this function anew`);
}
