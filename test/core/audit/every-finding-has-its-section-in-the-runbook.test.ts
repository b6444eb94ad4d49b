/** docs/runbook.md: each kind of finding links a section that stands there and says what it means, what to check and what to do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findingKinds, findingOf } from '../../../core/audit/finding.ts';

const root = join(import.meta.dirname, '../../..');

/** The section that `next` names; `undefined` when there is none. */
function sectionOf(next: string): string | undefined {
	const [file = '', anchor = ''] = next.split('#');
	const text = readFileSync(join(root, file), 'utf8');
	return text.split('\n## ').find((section) => section.split('\n')[0] === anchor);
}

test.for(findingKinds)('%s', (kind) => {
	const { next } = findingOf({ kind, about: 'run-1', cause: 'step 1', why: 'told so', restsOn: 'ledger' });
	const section = sectionOf(next);
	for (const part of ['**Means.**', '**Check first.**', '**Do.**']) expect(section).toContain(part);
});

const sections = readFileSync(join(root, 'docs/runbook.md'), 'utf8').match(/(?<=\n## ).*/g) ?? [];
test('findings come first, each once and in order', () => {
	expect(sections.slice(0, findingKinds.length)).toEqual([...findingKinds]);
});

const sources = ['infra', 'adapters'].flatMap((folder) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => readFileSync(join(root, folder, name), 'utf8')),
);
/** By an alarm, or by the message of an error. */
const isPointedTo = (section: string): boolean =>
	sources.some((text) => text.includes(`'${section}'`) || text.includes(`runbook.md#${section}`));
test.for(sections.slice(findingKinds.length))('%s is a section that something points to', (section) => {
	expect(isPointedTo(section)).toBe(true);
});
test('control: one that nothing points to is noticed', () => expect(isPointedTo('no-such-alarm')).toBe(false));

test('control: a kind without a section is noticed', () => {
	expect(sectionOf('docs/runbook.md#no-such-finding')).toBeUndefined();
});
