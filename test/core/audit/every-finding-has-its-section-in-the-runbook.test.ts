/** docs/runbook.md: each kind of finding links a section that stands there and says what it means, what to check and what to do. */
import { readFileSync } from 'node:fs';
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

test('no section is of a finding that there is not', () => {
	const sections = readFileSync(join(root, 'docs/runbook.md'), 'utf8').match(/(?<=\n## ).*/g);
	expect(sections).toEqual([...findingKinds]);
});

test('control: a kind without a section is noticed', () => {
	expect(sectionOf('docs/runbook.md#no-such-finding')).toBeUndefined();
});
