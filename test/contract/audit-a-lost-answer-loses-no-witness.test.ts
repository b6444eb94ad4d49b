/** A2: each put is broken both ways, and made again. */
import { expect, test } from 'vitest';
import { memoryAudit } from '../../adapters/memory/audit.ts';
import { Crash, type Fault } from '../../adapters/memory/faults.ts';
import { findingAt, useOf } from './audit-contract.ts';

test.each<[Fault, 'kept' | 'known']>([
	['crash-before', 'kept'],
	['crash-after', 'known'],
	['unavailable', 'kept'],
	['unknown-not-written', 'kept'],
	['unknown-written', 'known'],
])('after %s it is %s', async (fault, again) => {
	const broken = memoryAudit({ fault: ({ n }) => (n === 1 ? fault : undefined) });
	await expect(broken.witnesses.put(useOf('event-0001'))).rejects.toThrow(fault.startsWith('crash') ? Crash : Error);
	const { witnesses, findings } = memoryAudit({ state: broken.state });
	expect(await witnesses.put(useOf('event-0001'))).toBe(again);
	expect(await witnesses.about('run-1', { limit: 2 })).toEqual([useOf('event-0001')]);

	const unheard = memoryAudit({ fault: ({ n }) => (n === 1 ? fault : undefined), state: broken.state });
	await expect(unheard.findings.raise(findingAt(1))).rejects.toThrow();
	expect(await findings.raise(findingAt(1))).toBe(again === 'kept' ? 'raised' : 'known');
});
