// Functions and roles of an agent are found by name, in every target by the same; so no two may share one, however long they are.
import { fc, test } from '@fast-check/vitest';
import { expect, test as plainly } from 'vitest';
import {
	agentName,
	DEPLOYED_NAME_CHARACTERS,
	guardFunction,
	planFunction,
	roleKinds,
	roleName,
	toolFunction,
	toolName,
} from '../../core/ids.ts';

const agent = fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/).filter((name) => agentName.safeParse(name).success);
const tool = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}(\.[a-z][a-z0-9-]{0,12}){0,3}$/).filter((name) => toolName.safeParse(name).success);
/** Two owners that are hard to tell apart: parts of one text, cut at different places. */
const owners = fc.oneof(
	fc.record({ agent, tool }),
	fc.constantFrom({ agent: 'a-b', tool: 'c' }, { agent: 'a', tool: 'b-c' }, { agent: 'a', tool: 'b.c' }),
);

type Owner = { agent: string; tool: string };
const functionsOf = (owner: Owner) => [
	toolFunction(owner.agent, owner.tool),
	guardFunction(owner.agent, owner.tool),
	planFunction(owner.agent),
];
const rolesOf = (owner: Owner) => roleKinds.map((kind) => roleName(owner.agent, owner.tool, kind));
const same = (left: Owner, right: Owner): boolean => left.agent === right.agent && left.tool === right.tool;

test.prop([owners])('they fit, in letters that functions and roles may have', (owner) => {
	for (const name of [...functionsOf(owner), ...rolesOf(owner)]) {
		expect(name.length).toBeLessThanOrEqual(DEPLOYED_NAME_CHARACTERS);
		expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
	}
});

test.prop([owners, owners])('two tools share no function and no role', (left, right) => {
	fc.pre(!same(left, right));
	const [mine, theirs] = [functionsOf(left).slice(0, 2), functionsOf(right).slice(0, 2)];
	expect(mine.filter((name) => theirs.includes(name))).toEqual([]);
	expect(rolesOf(left).filter((name) => rolesOf(right).includes(name))).toEqual([]);
});

plainly('short names are what they say', () => {
	expect(toolFunction('refund-desk', 'payments.refund')).toBe('refund-desk_payments_refund');
	expect(guardFunction('refund-desk', 'payments.refund')).toBe('refund-desk_payments_refund__guard');
	expect(roleName('refund-desk', 'payments.refund', 'access')).toBe('refund-desk_payments_refund-access');
});

plainly('control: words joined by dashes alone would give two tools one role', () => {
	const naive = (owner: Owner) => `${owner.agent}-${owner.tool.replaceAll('.', '-')}-access`;
	expect(naive({ agent: 'a-b', tool: 'c' })).toBe(naive({ agent: 'a', tool: 'b-c' }));
});

plainly('control: cutting long names would give two tools one function', () => {
	const [left, right] = [`${'a'.repeat(20)}.read`, `${'a'.repeat(20)}.write`];
	const cut = (name: string) => `${'b'.repeat(30)}_${name}`.slice(0, DEPLOYED_NAME_CHARACTERS);
	expect(cut(left)).toBe(cut(right));
	expect(toolFunction('b'.repeat(30), left)).not.toBe(toolFunction('b'.repeat(30), right));
});
