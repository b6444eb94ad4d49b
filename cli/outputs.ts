/** What a deployment printed, as `npx cdk deploy --all --outputs-file FILE` writes it: where its record lies and its doors are. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { pascal } from '../core/ids.ts';
import { exits } from './exit-codes.ts';
import { Fault, usage } from './fault.ts';
import { parseJson } from './json-text.ts';

const OUTPUTS_BYTES = 1_048_576;
const url = z.url({ protocol: /^https?$/ });
const arn = z.string().regex(/^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:\S+$/, 'is no ARN of a state machine');
const needed = z.object({
	LedgerTable: z.string().min(1),
	KeysTable: z.string().min(1),
	PayloadBucket: z.string().min(1),
	DecideUrl: url,
	CloseUrl: url,
	FreezeUrl: url,
	AgentRunMachine: arn,
	StepMachine: arn,
	RecoverMachine: arn,
});
const audited = z.object({ WitnessesTable: z.string().min(1), ReconcileDelaySeconds: z.coerce.number().int().min(0) });
export type Outputs = z.infer<typeof needed> & {
	/** Where the record and the machines are. */
	readonly region: string;
	/** All machines that act steps: the shared one first, then those of agents that run elsewhere. */
	readonly stepMachines: readonly string[];
	/** @throws Fault for an agent that is not deployed */
	openUrl(agent: string): string;
	/** What an audit needs: where witnesses are kept, and how late what was seen may come. @throws Fault for a deployment that does not say */
	audit(): { readonly witnessesTable: string; readonly delayMs: number };
};
/** Of agents that run elsewhere, by what their outputs begin with. */
const ownMachines = (all: Readonly<Record<string, string>>, path: string): string[] =>
	Object.entries(all).flatMap(([name, value]) => {
		if (!/^StepMachine./.test(name)) return [];
		if (!arn.safeParse(value).success) throw usage(`${path} has something else than the ARN of a state machine as ${name}`);
		return [value];
	});
const file = z.record(z.string(), z.record(z.string(), z.string()));

/** @throws Fault that says which output is missing */
export async function readOutputs(path: string): Promise<Outputs> {
	const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'ENOENT') throw usage(`--outputs ${path}: ${error.code}`);
		throw new Fault(
			'OutputsNotFound',
			`${path} does not exist; write it with: npx cdk deploy --all --outputs-file ${path}`,
			exits.notFound,
		);
	});
	if (text.length > OUTPUTS_BYTES) throw usage(`--outputs ${path} has ${text.length} characters; outputs have ${OUTPUTS_BYTES} at most`);
	const parsed = parseJson(text);
	if ('why' in parsed) throw usage(`${path}, ${parsed.why}; it has to be what npx cdk deploy --outputs-file writes`);
	const stacks = file.safeParse(parsed.value);
	if (!stacks.success) throw usage(`${path} is not what npx cdk deploy --outputs-file writes: an object of stacks, each with its outputs`);
	const all: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(stacks.data));
	const found = needed.safeParse(all);
	if (!found.success) {
		const names = [...new Set(found.error.issues.map((issue) => issue.path.join('.')))];
		throw usage(`${path} lacks ${names.join(', ')}, or has something else there; deploy both stacks of one stage into it`);
	}
	return {
		...found.data,
		region: found.data.RecoverMachine.split(':')[3] ?? '',
		stepMachines: [found.data.StepMachine, ...ownMachines(all, path)],
		audit: () => {
			const said = audited.safeParse(all);
			if (said.success) return { witnessesTable: said.data.WitnessesTable, delayMs: said.data.ReconcileDelaySeconds * 1_000 };
			throw new Fault(
				'NoAudit',
				`${path} lacks WitnessesTable or ReconcileDelaySeconds; deploy all stacks of one stage into it`,
				exits.notFound,
			);
		},
		openUrl: (agent) => {
			const own = url.safeParse(all[`OpenUrl${pascal(agent)}`]);
			if (own.success) return own.data;
			throw new Fault('AgentNotFound', `${path} knows no agent ${agent}; deploy it, or name one that is`, exits.notFound);
		},
	};
}
