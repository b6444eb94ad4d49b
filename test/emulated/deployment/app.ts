/**
 * The CDK app as it is, without what the emulator refuses; of the agents in the folder that is named, or the repository's. What the
 * template says of the trail is an output instead: by that the tier makes it.
 */
import { Aspects, CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { loadAgents } from '../../../infra/bundling/agent-folders.ts';
import { deployment } from '../../../infra/deployment.ts';
import { leftOut } from '../what-the-emulator-cannot-do.ts';

const { app, audit } = deployment(await loadAgents(process.env.EMULATED_AGENTS), {}, process.env);
const trail = audit.node.findAll().find((one) => one instanceof CfnTrail);
if (trail) {
	const { trailName, s3BucketName, cloudWatchLogsLogGroupArn, cloudWatchLogsRoleArn, isMultiRegionTrail, advancedEventSelectors } = trail;
	const said = { trailName, s3BucketName, cloudWatchLogsLogGroupArn, cloudWatchLogsRoleArn, isMultiRegionTrail, advancedEventSelectors };
	new CfnOutput(audit, 'Trail', { value: Stack.of(audit).toJsonString(said) });
}
Aspects.of(app).add({
	visit: (node) => {
		if (CfnResource.isCfnResource(node) && leftOut.includes(node.cfnResourceType)) node.node.scope?.node.tryRemoveChild(node.node.id);
	},
});
app.synth();
