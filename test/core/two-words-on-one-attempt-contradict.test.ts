// S3, S4: when records disagree both stay, neither is believed, and the whole run is held until a person says what stands.
import { expect, test } from 'vitest';
import {
	absent,
	after,
	begun,
	closed,
	committed,
	denied,
	done,
	failed,
	foldLine,
	found,
	granted,
	held,
	intent,
	lookedUp,
	personSays,
	resumed,
	stands,
	superseded,
	tellOn,
	told,
} from '../doubles/ledger-builder.ts';

const contradictions = {
	'a tool that takes its failure back': [told(intent('a.tool'), granted(1, 'manual'), failed(1)), done(1)],
	'a tool that takes its success back': [told(intent('a.tool'), granted(1, 'manual'), done(1)), failed(1)],
	'a zombie against a person': [told(intent('a.tool'), granted(1, 'manual'), held(1, 'doubt'), personSays(1, 'failed')), done(1)],
	'a zombie against the target': [told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1), absent(1)), done(1)],
	'the target against a tool': [told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1), failed(1)), found(1)],
	'a success after the step ended denied': [told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1), absent(1), denied(1)), done(1)],
	'a success of another attempt after the step failed': [
		tellOn(told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1), absent(1), granted(1)), failed(1, { attempts: [2] })),
		done(1, { attempts: [1] }),
	],
} as const;

test.for(Object.entries(contradictions))('S3 %s', ([, [golden, word]]) => {
	const { state } = tellOn(golden, word);
	expect(state.contradictions).toEqual([{ step: 1, place: golden.state.head.place + 1 }]);
	// Neither is believed: the step is as it was.
	expect(state.steps).toEqual(golden.state.steps);
	const written = word(golden.state);
	const silent = () => ({ ...written, draft: { ...written.draft, contradicts: undefined } as never });
	expect(foldLine(golden, silent)).toEqual({ is: 'illegal', why: 'contradicts the record and does not say so' });
	expect(foldLine(tellOn(golden, word), stands(1, 'done')).is).toBe('legal');
});

const held1 = tellOn(contradictions['a zombie against a person'][0], done(1));

test('S3 said again, it is counted once', () => {
	expect(tellOn(held1, done(1), done(1)).state.contradictions).toHaveLength(1);
});

test('S4 a person’s word on it counts from then on, for every attempt', () => {
	const { state } = tellOn(held1, stands(1, 'done'));
	expect(state.contradictions).toEqual([]);
	expect(state.steps[1]).toMatchObject({ end: { result: 'done', by: 'person' }, attempts: [{ end: { result: 'done', by: 'person' } }] });
	// The tool saying so once more agrees with it by now.
	expect(tellOn(held1, stands(1, 'done'), done(1)).state.contradictions).toEqual([]);
	expect(tellOn(held1, stands(1, 'failed'), done(1)).state.contradictions).toHaveLength(1);
});

test('S4 nobody says what stands where nothing is contradicted', () => {
	expect(foldLine(contradictions['a zombie against a person'][0], stands(1, 'done'))).toMatchObject({ is: 'illegal' });
});

test('S3 a closed run keeps it as well', () => {
	const golden = told(
		intent('a.tool'),
		granted(1, 'manual'),
		closed('stopped'),
		resumed(),
		held(1, 'doubt'),
		personSays(1, 'failed'),
		done(1),
	);
	expect(golden.state).toMatchObject({ closed: { how: 'stopped' }, contradictions: [{ step: 1, place: 7 }] });
});

test('a failure after a denial is none, nor is one after a success of another attempt', () => {
	const looked = told(intent('a.tool'), granted(1, 'replay'), granted(1), lookedUp(1, [1]), absent(1));
	expect(tellOn(looked, done(1, { attempts: [2] })).state.contradictions).toEqual([]);
	const replaced = told(intent('a.tool'), granted(1, 'read'), superseded(1), denied(1));
	expect(tellOn(replaced, failed(1)).state.contradictions).toEqual([]);
	const transaction = tellOn(begun(), intent('a.tool'), granted(1, 'transaction'), granted(1), after(5, committed(1, { attempts: [2] })));
	expect(tellOn(transaction, failed(1, { attempts: [1] })).state.contradictions).toEqual([]);
});
