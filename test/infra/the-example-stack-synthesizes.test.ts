// The stack of one's own in docs/deploy.md, word for word, is a deployment: the same roles, one stack, no finding of cdk-nag left open.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, expect, test } from 'vitest';
import '../../local/resolve-throughline.ts';
import type { Template } from './synthesized.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(join(root, '.cache'), { recursive: true });
// Inside the package: there `throughline/infra` leads where it leads for whoever depends on it.
const folder = mkdtempSync(join(root, '.cache', 'example-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const page = readFileSync(join(root, 'docs', 'deploy.md'), 'utf8');
const example = /```ts\n(import \{ App[\s\S]*?)```/.exec(page)?.[1] ?? '';

async function synthesized(code: string): Promise<Template> {
	const file = join(folder, `app-${Math.random().toString(36).slice(2)}.ts`);
	writeFileSync(file, `${code.replace("'./agents/", `'${pathToFileURL(join(root, 'agents')).href}/`)}\nexport { app };\n`);
	const { app } = (await import(pathToFileURL(file).href)) as { app: App };
	Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
	return app.synth().getStackByName('Support').template as Template;
}

test('it has an example', () => {
	expect(example).toContain('new ThroughlineAgent(');
});

test('it synthesizes, with a guard and roles for each tool', async () => {
	const { Resources } = await synthesized(example);
	const names = Object.values(Resources).flatMap(({ Properties }) =>
		[Properties?.FunctionName, Properties?.RoleName].filter((name) => typeof name === 'string'),
	);
	for (const tool of ['orders_find', 'payments_refund', 'credits_grant', 'carrier_recall', 'mail_send']) {
		expect(names).toContain(`throughline-support-refund-desk_${tool}`);
		expect(names).toContain(`throughline-support-refund-desk_${tool}__guard`);
		expect(names).toContain(`throughline-support-refund-desk_${tool}-access`);
	}
	// Ledger, keys, witnesses, findings; and its transaction tool writes to a table that nobody else made.
	expect(Object.values(Resources).filter(({ Type }) => Type === 'AWS::DynamoDB::Table')).toHaveLength(4 + 1);
});

test('control: cdk-nag does look: a role with a wildcard beside it is not let pass', async () => {
	const wild = `import { PolicyStatement } from 'aws-cdk-lib/aws-iam';\n${example}\nruntime.recovery.sweep.role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:*'], resources: ['*'] }));`;
	await expect(synthesized(wild)).rejects.toThrow('AwsSolutions-IAM5[Action::dynamodb:*]');
});
