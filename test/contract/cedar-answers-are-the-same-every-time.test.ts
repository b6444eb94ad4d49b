// `verify` decides every step again and compares. Cedar lists its reasons in no order, so they are sorted here.
import { expect, test } from 'vitest';
import { asked, permitAll, question } from './cedar-refund-desk.ts';

const names = Array.from({ length: 20 }, (_, number) => `p${String(number).padStart(2, '0')}`);
const overflow = 'forbid(principal, action, resource) when { context.run.steps * 9007199254740991 * 9007199254740991 > 1 };';

test('the policies that determined it are in order', () => {
	const permits = Object.fromEntries(names.toReversed().map((name) => [name, permitAll.everything]));
	for (let time = 0; time < 5; time += 1) expect(asked(permits).decide(question()).policies).toEqual(names);
});

test('errors and the policies that err are too', () => {
	const forbids = Object.fromEntries(names.toReversed().map((name) => [name, overflow]));
	const answer = asked({ ...permitAll, ...forbids }).decide(question({ run: { steps: 3 } }));
	expect(answer.policies).toEqual(names);
	expect(answer.errors.map((error) => error.slice(0, 'policy p00'.length))).toEqual(names.map((name) => `policy ${name}`));
});
