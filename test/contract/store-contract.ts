/**
 * What every storage adapter must do, whatever is underneath: one suite, run against each.
 * @see core/ports.ts for the promises, test/contract/naive-store.ts for what the checks catch.
 */
import { describe } from 'vitest';
import type { OpenStore } from './open-store.ts';
import { appends } from './parts/appends.ts';
import { keys } from './parts/keys.ts';
import { payloads } from './parts/payloads.ts';
import { races } from './parts/races.ts';
import { reads } from './parts/reads.ts';
import { runs } from './parts/runs.ts';
import { tables } from './parts/tables.ts';
import { together } from './parts/together.ts';

export function storeContract({ name, open, withPayloads }: { name: string; open: OpenStore; withPayloads: boolean }): void {
	describe(`${name}: appends`, () => appends(open));
	describe(`${name}: reads`, () => reads(open));
	describe(`${name}: together`, () => together(open));
	describe(`${name}: races`, () => races(open));
	describe(`${name}: application tables`, () => tables(open));
	describe(`${name}: run keys`, () => keys(open));
	describe(`${name}: runs`, () => runs(open));
	if (withPayloads) describe(`${name}: payloads`, () => payloads(open));
}
