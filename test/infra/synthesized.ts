/** The deployment's templates, synthesized once for all tests that read them: refund-desk as it is, and an agent of the tests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { loadAgents } from '../../infra/bundling/agent-folders.ts';
import { deployment } from '../../infra/deployment.ts';
import { loadAgent } from '../../local/load-agent.ts';

export type Resource = {
	readonly Type: string;
	readonly Properties?: Record<string, unknown>;
	readonly DeletionPolicy?: string;
	readonly DependsOn?: unknown;
};
export type Template = {
	readonly Resources: Record<string, Resource>;
	readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>;
};
/** The stacks of one deployment. */
export type Templates = { readonly ledger: Template; readonly runtime: Template; readonly audit: Template };

declare module 'vitest' {
	interface ProvidedContext {
		templates: Templates;
		/** With every key of the context that adds something. */
		prod: Templates;
		nagReport: string;
	}
}

export const letterDesk = fileURLToPath(new URL('./letter-desk', import.meta.url));

export default async function setup(project: TestProject): Promise<void> {
	const agents = [...(await loadAgents()), await loadAgent(letterDesk)];
	const dev = synthesized(agents, {});
	project.provide('templates', dev.templates);
	project.provide('nagReport', dev.nagReport);
	project.provide(
		'prod',
		synthesized(agents, { stage: 'prod', objectLock: 'governance', retentionDays: '30', alarmEmail: 'ops@example.org' }).templates,
	);
}

function synthesized(agents: Parameters<typeof deployment>[0], context: Record<string, string>) {
	const outdir = mkdtempSync(join(tmpdir(), 'throughline-synth-'));
	try {
		deployment(agents, { outdir, context, analyticsReporting: false }, {}).app.synth();
		const read = (file: string): string => readFileSync(join(outdir, file), 'utf8');
		const template = (name: string): Template => JSON.parse(read(`${name}.template.json`));
		return {
			templates: { ledger: template('Ledger'), runtime: template('Runtime'), audit: template('Audit') },
			nagReport: read('validation-report.json'),
		};
	} finally {
		rmSync(outdir, { recursive: true });
	}
}
