// I3: a call is judged by its tool's own declaration first; whatever goes wrong there is a denial, and no policy is asked.
import { expect, test } from 'vitest';
import type { Tool } from '../../core/agent/tool.ts';
import { KEY_CHARACTERS } from '../../core/bounds.ts';
import { consider, permissive, refund } from './considering.ts';

const calls = {
	'an input of another shape': { charge: 'c-1', amountCents: '15' },
	'an input with something missing': { charge: 'c-1' },
	'an input with something more': { charge: 'c-1', amountCents: 1, approved: true },
	'no object': 'c-1',
	null: null,
};

test.for(Object.entries(calls))('I3 %s', ([, input]) => {
	const policies = permissive();
	expect(consider({ call: { input, purpose: 'due' }, policies })).toMatchObject({ is: 'deny', reason: 'schema' });
	expect(policies.asked).toEqual([]);
});

test('the reason says where', () => {
	expect(consider({ call: { input: { charge: 'c-1', amountCents: 1.5 }, purpose: 'due' } })).toMatchObject({
		why: expect.stringContaining('input.amountCents'),
	});
});

const throws = () => {
	throw new Error('no such thing');
};
const faulty: Readonly<Record<string, [Partial<Tool>, string]>> = {
	'a resource that cannot be told': [{ resource: { type: 'Charge', id: throws } }, 'tool-error'],
	'a key that cannot be told': [{ key: throws }, 'tool-error'],
	'a spend that cannot be told': [{ spend: throws }, 'tool-error'],
	'a negative spend': [{ spend: () => -1 }, 'tool-error'],
	'a spend with a fraction': [{ spend: () => 0.5 }, 'tool-error'],
	'a spend that is no number': [{ spend: () => Number.NaN }, 'tool-error'],
	'a spend beyond all counting': [{ spend: () => Number.MAX_SAFE_INTEGER + 1 }, 'tool-error'],
	'an empty key': [{ key: () => '' }, 'over-long'],
	'a key that is too long': [{ key: () => 'k'.repeat(KEY_CHARACTERS + 1) }, 'over-long'],
	'a key cut through a character': [{ key: () => '💸'.slice(0, 1) }, 'tool-error'],
	'a resource cut through a character': [{ resource: { type: 'Charge', id: () => '💸'.slice(0, 1) } }, 'tool-error'],
};

test.for(Object.entries(faulty))('I3 %s', ([, [change, reason]]) => {
	const policies = permissive();
	expect(consider({ tool: { ...refund, ...change }, policies })).toMatchObject({ is: 'deny', reason });
	expect(policies.asked).toEqual([]);
});

test('a key just short enough is taken, and what was told goes into the grant', () => {
	const key = 'k'.repeat(KEY_CHARACTERS);
	expect(consider({ tool: { ...refund, key: () => key } })).toMatchObject({
		is: 'allow',
		prepared: { key, resource: 'c-1', spend: 1_500 },
	});
	const { key: _key, ...unkeyed } = refund;
	expect(consider({ tool: unkeyed })).toMatchObject({ is: 'allow', prepared: { key: undefined } });
});
