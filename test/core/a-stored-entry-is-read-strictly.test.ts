// L2, L3: what is not exactly an entry of this place is no entry.
import { expect, test } from 'vitest';
import { canonical, parseStored, verifyChain } from '../../core/ledger/chain.ts';
import { RUN, told } from '../doubles/ledger-builder.ts';

const [first] = told().stored;
const body = first?.body ?? '';
const value = JSON.parse(body) as Record<string, unknown>;
const at = (text: string) => ({ chain: RUN, place: 0, body: text });
const changed = (change: Record<string, unknown>) => at(canonical({ ...value, ...change }));

test('it is read as it was written', () => {
	expect(parseStored(at(body))).toMatchObject({ entry: value });
	expect(verifyChain(RUN, [at(body)])).toMatchObject({ is: 'whole', entries: 1 });
});

test.for([
	['a field that no entry has', changed({ extra: 1 })],
	['a field of another kind', changed({ step: 1 })],
	['a kind that there is not', changed({ kind: 'updated' })],
	['another version', changed({ v: 2 })],
	['a missing field', changed({ by: undefined })],
	['a place that is none', changed({ place: -1 })],
	['a place with a fraction', changed({ place: 0.5 })],
	['a time that is none', changed({ at: '2026-01-01' })],
	['a nonce of another length', changed({ nonce: 'AAAA' })],
	['an upper-case digest', changed({ code: 'A'.repeat(64) })],
	['seal bytes that are not base64url', changed({ sealed: { bytes: 'a+b=' } })],
	['a seal of two kinds', changed({ sealed: { bytes: '', payload: 'p', sha256: '0'.repeat(64), sizeBytes: 1 } })],
	['no object', at('[]')],
	['null', at('null')],
	['no JSON', at('{')],
	['nothing', at('')],
] as const)('L3 %s', ([, stored]) => {
	expect(parseStored(stored)).toHaveProperty('broken');
});

test.for([
	['another place', changed({ place: 1 })],
	['another run', changed({ run: 'run-2' })],
	['another entry before it', changed({ prev: '1'.repeat(64) })],
	['null', at('null')],
	['no JSON', at('{')],
	['whitespace', at(`${body} `)],
	['keys in another order', at(JSON.stringify(Object.fromEntries(Object.entries(value).reverse())))],
	['a key twice', at(body.replace('"v":1}', '"v":1,"v":1}'))],
	['a number in another form', at(body.replace('"v":1}', '"v":1.0}'))],
	['an escape in another form', at(body.replace('alice', '\\u0061lice'))],
	['half a surrogate pair', at(body.replace('alice', '\\ud800'))],
] as const)('L2 the chain does not hold %s', ([, stored]) => {
	expect(verifyChain(RUN, [stored])).toMatchObject({ is: 'broken', place: 0 });
});
