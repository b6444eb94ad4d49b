/** `npx cdk deploy --all`. @see docs/deploy.md */
import { loadAgents } from './bundling/agent-folders.ts';
import { ToolUnbounded } from './constructs/tool-bounds.ts';
import { ContextError } from './context.ts';
import { deployment } from './deployment.ts';

try {
	deployment(await loadAgents(), {}, process.env).app.synth();
} catch (error) {
	// What is wrong is what somebody typed: where in our code it was noticed tells them nothing.
	if (!(error instanceof ContextError || error instanceof ToolUnbounded)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
