/** The CDK app as it is, without what the emulator refuses; of the agents in the folder that is named, or the repository's. */
import { Aspects, CfnResource } from 'aws-cdk-lib';
import { loadAgents } from '../../../infra/bundling/agent-folders.ts';
import { deployment } from '../../../infra/deployment.ts';
import { leftOut } from '../what-the-emulator-cannot-do.ts';

const { app } = deployment(await loadAgents(process.env.EMULATED_AGENTS), {}, process.env);
Aspects.of(app).add({
	visit: (node) => {
		if (CfnResource.isCfnResource(node) && leftOut.includes(node.cfnResourceType)) node.node.scope?.node.tryRemoveChild(node.node.id);
	},
});
app.synth();
