/**
 * What the emulated account cannot do or does differently, and what is done about it here. The one list: `docs/emulated.md`
 * is written from it, the deployment leaves out what stands in `leftOut`, and what is not in it was found to work.
 */
/** The version that all of this was found with. */
export const PINNED = '1.5.33';

export type Lack = { readonly lacks: string; readonly so: string };

/** Resource types that MiniStack refuses by name. */
export const leftOut: readonly string[] = ['AWS::CloudTrail::Trail', 'AWS::Logs::QueryDefinition'];

export const lacks: readonly Lack[] = [
	{
		lacks: `Resource types ${leftOut.join(', ')}.`,
		so: "Left out of the templates. The trail is made by what its template says, through CloudTrail's own API.",
	},
	{
		lacks: 'A trail sees nothing and writes nothing.',
		so: "The proxy records every call in CloudTrail's shape, and puts what the trail's selectors select into the deployed log group within a second, as long as the trail logs. There are no files and no digests, so backfill has nothing to read: test/functions and test/contract do that. The role that CloudTrail writes with is not used.",
	},
	{
		lacks: 'Subscriptions hand events on to functions alone, not to streams.',
		so: "account/streams.py puts them into the deployed stream in CloudWatch's format, as far as the subscription's role may.",
	},
	{
		lacks: 'A mapping of a stream takes a batch for done whatever its function reports of it, and tries one that threw for ever.',
		so: 'account/streams.py delivers again from the first record that was reported. That a batch ends in the queue at last is stated over the template.',
	},
	{
		lacks: 'CloudTrail here loses nothing, and nothing is late.',
		so: 'What an attacker hides is made so by tests: the proxy keeps those events back, for ever or for a while. All else of an attack is done through the APIs, and no attack that core knows is left out.',
	},
	{
		lacks: 'What is not of AWS is in no CloudTrail, here as there.',
		so: "Refund-desk's services tell of themselves in its shape; the tier puts that into the same log group, in a log stream beside CloudTrail's.",
	},
	{
		lacks:
			'Calls that services make for each other (Step Functions invoking a function, a rule starting an execution) stay inside MiniStack.',
		so: 'They are not recorded. What functions, people and the CDK ask is.',
	},
	{
		lacks: "Function URLs check signature and permission, and don't tell the function who called.",
		so: 'The proxy lets MiniStack judge the signed request, then invokes the function with the event that AWS would have made.',
	},
	{
		lacks: "A function's error reaches the state machine as Runtime.HandlerError, whatever its name.",
		so: 'Retriers that match names of errors do not match here: what is final on AWS is tried six times. test/statemachines proves the matching.',
	},
	{
		lacks:
			'IAM knows neither dynamodb:LeadingKeys, nor sts:SourceIdentity and sts:SetSourceIdentity, nor tags of a session as variables in conditions.',
		so: "account/emulator.py adds them to its evaluation. Everything else of IAM that is enforced here is MiniStack's own: signatures, roles, boundaries, session policies, trust policies, resource policies.",
	},
	{
		lacks: 'IAM knows no s3:if-none-match, no kms:ViaService, and no conditions of service principals.',
		so: 'What those deny is stated over the templates, in test/infra.',
	},
	{
		lacks:
			"Resource policies of tables are kept, and asked by nobody: an administrator deletes an entry without taking the ledger's away first.",
		so: 'What it denies is stated over the templates, in test/infra.',
	},
	{
		lacks: 'No TLS. Policies that deny what did not come over TLS would deny everything.',
		so: "The proxy says of each request that it came over TLS, as an edge of AWS's would.",
	},
	{
		lacks: "Functions' own sessions are not issued by STS, and their keys never change.",
		so: "The proxy knows them by function and role. A session's creation date is when the proxy first saw it.",
	},
	{
		lacks: "Schedules are as slow as on AWS, and a new table takes no entry before the archive's has confirmed it.",
		so: 'The tier invokes the archive right after the deployment, as its schedule does within a minute.',
	},
	{
		lacks: 'Executions never time out as a whole.',
		so: 'They are failed and stopped here; TIMED_OUT is matched by the rule and stated over the template.',
	},
	{
		lacks: 'A cold start is a local process: milliseconds of Lambda, S3 and KMS mean nothing here.',
		so: 'Nothing is measured but the duration of the deployment.',
	},
	{
		lacks: 'Nothing outlives the process: no durability, no throttling, no limits of size or rate, no eventual consistency.',
		so: 'DynamoDB is tested behind a proxy over DynamoDB Local, in test/dynamodb.',
	},
	{
		lacks: 'Session tokens say nothing to a service outside AWS.',
		so: "An edge in front of refund-desk's services looks each up among the sessions issued; one that was never issued is forged.",
	},
	{
		lacks: 'Node is the one on this machine, x86 or arm64, not the arm64 sandbox of Lambda; memory is not limited and time is not billed.',
		so: 'Bundles are the deployed ones.',
	},
];

/** `docs/emulated.md`'s table. */
export const table = (): string =>
	[`| MiniStack ${PINNED} | so |`, '|---|---|', ...lacks.map(({ lacks: what, so }) => `| ${what} | ${so} |`)].join('\n');
