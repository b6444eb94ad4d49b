import { defineConfig } from 'vitest/config';

/** One project a layer, fastest first. `npm test` runs all but the slow ones, which .ci/run adds. The time given ends what hangs: a loaded machine may take several times what a quiet one does. */
const layer = (name: string, timeoutSeconds: number) => ({
	test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutSeconds * 1000, hookTimeout: timeoutSeconds * 1000 },
});

/** Files that start many processes run one after another: two cores are soon full. */
const alone = <T extends { test: object }>(project: T) => ({ test: { ...project.test, maxWorkers: 1, fileParallelism: false } });

export default defineConfig({
	test: {
		projects: [
			{ test: { ...layer('core', 60).test, isolate: false } },
			layer('contract', 90),
			layer('functions', 90),
			layer('statemachines', 90),
			{ test: { ...layer('dynamodb', 180).test, globalSetup: 'test/dynamodb/dynamodb-local.ts' } },
			alone({ test: { ...layer('infra', 300).test, globalSetup: 'test/infra/synthesized.ts' } }),
			alone(layer('e2e', 300)),
			alone(layer('crash', 900)),
			alone({ test: { ...layer('emulated', 300).test, globalSetup: 'test/emulated/emulated-account.ts' } }),
		],
	},
});
