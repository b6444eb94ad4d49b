/** Who may import whom: the rule of CONTRIBUTING.md. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
	forbidden: [
		forbid('no-cycles', 'a cycle has no first file to read', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
		forbid(
			'core-is-alone',
			'core imports nothing of ours',
			{ path: '^core/' },
			{ path: '^(adapters|agents|client|functions|infra|local|cli|test|bench|docs)/' },
		),
		forbid(
			'core-has-no-sdk',
			'core knows no technology',
			{ path: '^core/' },
			{ path: '(@aws-sdk|@middy|@cedar-policy|aws-local-stepfunctions|aws-cdk-lib|node:sqlite)' },
		),
		forbid(
			'adapters-stand-apart',
			'an adapter imports core and its technology',
			{ path: '^adapters/([^/]+)/' },
			{ path: '^(adapters|agents|functions|infra|local|cli)/', pathNot: '^adapters/$1/' },
		),
		forbid(
			'functions-are-logic',
			'functions import core and each other; only what Lambda loads wires adapters',
			{ path: '^functions/', pathNot: '^functions/(lambda/|[^/]+/lambda\\.ts$)' },
			{ path: '^(adapters|agents|infra|local|cli|functions/lambda)/' },
		),
		forbid(
			'lambda-wires-adapters',
			'what Lambda loads takes its agent and its settings from outside',
			{ path: '^functions/' },
			{ path: '^(agents|infra|local|cli)/' },
		),
		forbid(
			'infra-is-for-deploying',
			'nothing that runs knows how it is deployed',
			{ pathNot: '^(infra|test)/' },
			{ path: '(^infra/|aws-cdk-lib|node_modules/constructs)' },
		),
		forbid(
			'middy-in-handlers',
			'only handlers and middleware know the runtime',
			{ path: '^functions/', pathNot: '(handler\\.ts$|^functions/middleware/)' },
			{ path: '@middy' },
		),
		forbid(
			'agents-use-the-api',
			'an agent imports the public API',
			{ path: '^agents/' },
			{ path: '^(core|adapters|functions|infra|local|cli)/', pathNot: '^local/client\\.ts$' },
		),
		forbid(
			'a-client-is-thin',
			'a client knows core, and what it reaches an installation through',
			{ path: '^client/' },
			{ path: '^(adapters|agents|functions|infra|local|cli)/', pathNot: '^adapters/stepfunctions/' },
		),
		forbid('nobody-imports-tests', 'test and bench are imported by nobody', { pathNot: '^(test|bench)/' }, { path: '^(test|bench)/' }),
		forbid(
			'no-orphan-dependencies',
			'every import is declared',
			{ pathNot: '^(test|bench|docs|infra)/' },
			{ dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
		),
	],
	options: {
		parser: 'swc',
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '(^|/)(node_modules|\\.cache|\\.throughline|coverage)/' },
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
		includeOnly: '^(core|adapters|agents|client|functions|infra|local|cli|test|bench|docs|index\\.ts|node_modules)',
	},
};
