import { defineConfig } from 'vitest/config';

/** One project a layer, fastest first. `npm test` runs all but the slow ones, which .ci/run adds. */
const layer = (name: string, timeoutSeconds: number) => ({
	test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutSeconds * 1000, hookTimeout: timeoutSeconds * 1000 },
});

/** Files that start many processes run one after another: two cores are soon full. */
const alone = <T extends { test: object }>(project: T) => ({ test: { ...project.test, maxWorkers: 1, fileParallelism: false } });

export default defineConfig({
	test: {
		projects: [
			{ test: { ...layer('core', 20).test, isolate: false } },
			layer('contract', 30),
			layer('functions', 20),
			layer('statemachines', 30),
			{ test: { ...layer('dynamodb', 60).test, globalSetup: 'test/dynamodb/dynamodb-local.ts' } },
			alone({ test: { ...layer('infra', 120).test, globalSetup: 'test/infra/synthesized.ts' } }),
			alone(layer('e2e', 120)),
			alone(layer('crash', 900)),
			alone({ test: { ...layer('emulated', 300).test, globalSetup: 'test/emulated/emulated-account.ts' } }),
		],
	},
});
