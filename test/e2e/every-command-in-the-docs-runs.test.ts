/** Commands in the docs are run here, or by `.ci/run`, as they stand. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const commandsIn = (text: string): string[] =>
	[...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

const shown = new Set(['README.md', 'CONTRIBUTING.md', 'docs/guide.md'].flatMap((file) => commandsIn(read(file))));
const inCi = new Set(
	[...read('.ci/run').matchAll(/^tier '[^']+' (npm .*)$/gm)].map(([, command = '']) => command.replace(' -- --brief', '')),
);
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** Commands that this folder's tests run, by the file that does. */
const here: Record<string, string> = {
	'npm start -- --input agents/refund-desk/tickets.json': 'npm-start-survives-its-kills.test.ts',
	'npm run world': 'the-readme-journey.test.ts',
	'npx throughline run refund-desk --input agents/refund-desk/tickets.json --each': 'the-readme-journey.test.ts',
	'npx throughline list': 'the-readme-journey.test.ts',
	'npx throughline status t-02-needs-approval': 'the-readme-journey.test.ts',
	'npx throughline approve t-02-needs-approval 2 --yes': 'the-readme-journey.test.ts',
	'npx throughline resume': 'the-readme-journey.test.ts',
	'npx throughline audit': 'the-readme-journey.test.ts',
};

test.each([...shown])('%s', (command) => {
	if (inCi.has(command)) return;
	// `npm test` begins with the checks.
	if (command === 'npm run check') return expect(scripts.test).toContain('npm run check');
	const file = here[command];
	expect(file, `${command} stands in the docs and nothing runs it`).toBeDefined();
	expect(read(`test/e2e/${file}`)).toContain(command);
});

test('nothing is listed that the docs do not show', () => {
	expect(Object.keys(here).filter((command) => !shown.has(command))).toEqual([]);
});
