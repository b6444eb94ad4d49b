/** Explored with what was remembered, and with everything made anew: the same worlds, by the same ways, to the last stored byte. */
import { expect, test } from 'vitest';
import type { Mutation } from '../mutate/mutation.ts';
import { carryOut, type JobDone } from './jobs.ts';

const jobs = [
	{ name: 'clerk: a spend budget for one of two', faults: 1 },
	{ name: 'clerk: contents too large for an entry', faults: 2 },
	{ name: 'refund-desk: nobody approves', faults: 2 },
];
const told = (done: readonly JobDone[]) =>
	done.map(({ cpuSeconds: _, ...rest }) => rest).sort((one, other) => one.name.localeCompare(other.name));

test('the same worlds, transitions, faults and ends, with and without', { timeout: 300_000 }, async () => {
	const [remembering, anew] = [await carryOut(jobs, { remembers: true }), await carryOut(jobs, { remembers: false })];
	expect(told(remembering)).toEqual(told(anew));
	expect(anew.every(({ ends }) => ends > 1)).toBe(true);
});

/** Answers that are kept by less than what they were asked with. */
const forgetful: readonly Mutation[] = [
	{ file: 'chain', find: 'parsed.of(body, ', replace: 'parsed.of(String(place), ' },
	{ file: 'content', find: 'unsealed.of(asked, ', replace: 'unsealed.of(bound.nonce, ' },
	{ file: 'fold', find: 'known.of(asked, ', replace: 'known.of(entry.kind, ' },
	{ file: 'going', find: 'told(call, answer)}`', replace: 'what}`' },
	{ file: 'policies', find: 'answers.of(asked, ', replace: 'answers.of(question.action.id, ' },
].map(({ file, find, replace }) => ({
	name: `${file} remembered by too little`,
	says: '',
	edits: [{ file: `test/crash/remember/${file}.ts`, find, replace }],
}));

const job = [{ name: 'refund-desk: a refund is refused', faults: 1 }];
const honest = carryOut(job, { remembers: true }).then((done) => JSON.stringify(told(done)));

test.for(forgetful)('control: $name is noticed', { timeout: 300_000 }, async (mutation) => {
	const noticed = carryOut(job, { remembers: true, mutations: [mutation] }).then(
		(done) => JSON.stringify(told(done)),
		(error: Error) => error.message,
	);
	expect(await noticed).not.toBe(await honest);
});
