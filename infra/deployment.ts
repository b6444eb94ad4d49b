/** The whole deployment as one app: every agent under `agents/`, over one ledger. */
import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { LoadedAgent } from '../local/load-agent.ts';
import { readContext } from './context.ts';
import { AuditStack } from './stacks/audit-stack.ts';
import { LedgerStack } from './stacks/ledger-stack.ts';
import { RuntimeStack } from './stacks/runtime-stack.ts';

export type Deployment = { readonly app: App; readonly ledger: LedgerStack; readonly runtime: RuntimeStack; readonly audit: AuditStack };

/** @throws ContextError, ToolUnbounded */
export function deployment(
	agents: readonly LoadedAgent[],
	props: AppProps = {},
	environment: Readonly<Record<string, string | undefined>> = {},
): Deployment {
	const app = new App(props);
	const context = readContext(app.node);
	const ledger = new LedgerStack(app, 'Ledger', {
		stackName: `throughline-${context.stage}-ledger`,
		description: 'Throughline: the ledger, the keys of its runs, payloads, and tables of transaction tools',
		context,
		agents: agents.map(({ agent }) => agent),
	});
	const runtime = new RuntimeStack(app, 'Runtime', {
		stackName: `throughline-${context.stage}-runtime`,
		description: 'Throughline: state machines, functions and roles',
		context,
		agents,
		store: ledger.store,
		tables: ledger.tables,
		environment,
	});
	const audit = new AuditStack(app, 'Audit', {
		stackName: `throughline-${context.stage}-audit`,
		description: 'Throughline: the trail, and what takes its events in',
		context,
		agents,
		tables: [...ledger.tables.values()].flatMap((own) => Object.values(own)),
		runtime: runtime.runtime,
	});
	Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
	Tags.of(app).add('throughline:stage', context.stage);
	return { app, ledger, runtime, audit };
}
