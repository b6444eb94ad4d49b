/** docs/emulated.md shows the list that the tier is built from, and it is the pinned emulator's. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PINNED, table } from '../emulated/what-the-emulator-cannot-do.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the page ends with the list', () => {
	expect(read('../../docs/emulated.md').endsWith(`\n${table()}\n`)).toBe(true);
});

test('the list is about the version that is installed', () => {
	expect(read('../emulated/account/requirements.txt')).toContain(`\nministack==${PINNED}\n`);
});
