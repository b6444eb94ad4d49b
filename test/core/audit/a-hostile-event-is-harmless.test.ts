/** A3: whatever an event is, reading it never throws, keeps no secret, and keeps little. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvent, readEventText } from '../../../core/audit/event.ts';
import { type Witness, witness } from '../../../core/audit/witness.ts';
import { canonical } from '../../../core/ledger/chain.ts';
import { type Event, issueEvent, known, LEDGER, otherEvent, PAYLOADS, REGION, TRAIL, useEvent } from '../../doubles/cloudtrail.ts';
import { samples } from './samples.ts';

const secret = 'SECRET/+7f3a9c1e5b7d';
const MOST_BYTES = 120_000;

const issued = {
	request: {
		role: 'desk_mail_send-access',
		sessionName: 'run-1.1.1',
		sourceIdentity: 'run-1',
		tags: { agent: 'desk', run: 'run-1', step: '1', attempt: '1', head: 'a'.repeat(64) },
		policy: JSON.stringify({
			Version: '2012-10-17',
			Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/k'] }],
		}),
		durationSeconds: 900,
	},
	credentials: {
		accessKeyId: 'ASIAEXAMPLE',
		secretAccessKey: `${secret}-key`,
		sessionToken: `${secret}-token`,
		expiresAt: 1_700_000_900_000 as never,
	},
};
const at = 1_700_000_000_000;
const item = {
	operation: 'Put',
	TableName: LEDGER,
	Key: { pk: 'run#run-1', sk: '000000003' },
	items: ['pk'],
	ConditionExpression: 'attribute_not_exists(sk)',
};
/** Made by hand: no sample shows a session of ours, nor a transaction on our ledger. */
const ours: readonly Event[] = [
	issueEvent(issued),
	useEvent(issued, {
		source: 's3.amazonaws.com',
		name: 'GetObject',
		at,
		parameters: { bucketName: 'b', key: 'k' },
		resources: ['arn:aws:s3:::b/k'],
	}),
	useEvent(issued, {
		source: 'dynamodb.amazonaws.com',
		name: 'TransactWriteItems',
		at,
		parameters: { requestItems: [item, { ...item, operation: 'Delete' }] },
	}),
	otherEvent({
		source: 'dynamodb.amazonaws.com',
		name: 'DeleteItem',
		at,
		parameters: { tableName: LEDGER, key: { pk: 'run#run-1', sk: '000000001' } },
	}),
	otherEvent({ source: 's3.amazonaws.com', name: 'DeleteObject', at, parameters: { bucketName: PAYLOADS, key: 'run-1/AAAA' } }),
	otherEvent({ source: 'cloudtrail.amazonaws.com', name: 'StopLogging', at, parameters: { name: TRAIL } }),
];
const events: readonly Event[] = [
	...ours,
	...samples.documented.map((text) => JSON.parse(text) as Event),
	...samples.account.slice(0, 60).map((text) => JSON.parse(text) as Event),
];

/** Paths to all that stands in an event. */
const pathsOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
	typeof value === 'object' && value !== null && path.length < 12 && Object.keys(value).length < 200
		? [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))]
		: [path];

type Mangling = { readonly path: number; readonly how: number; readonly with: unknown };
const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nasty = fc.oneof(
	fc.anything({ withNullPrototype: true, withBigInt: false }),
	fc.json().map((text) => JSON.parse(text) as unknown),
	fc.constantFrom<unknown>(
		null,
		0,
		-1,
		true,
		'',
		'\u0000\u001f\u2028',
		'\ud800',
		'__proto__',
		'x'.repeat(300_000),
		`${secret}-token`,
		[],
		{},
		[[]],
	),
	fc.constantFrom<unknown>(
		JSON.parse('{"__proto__":{"eventID":"x"},"constructor":{"prototype":1}}'),
		deep(5_000),
		Array.from({ length: 60_000 }, () => 'x'),
	),
);
const mangling: fc.Arbitrary<Mangling> = fc.record({ path: fc.nat(), how: fc.nat(5), with: nasty });

function mangled(event: Event, manglings: readonly Mangling[]): unknown {
	const copy = structuredClone(event) as Record<string, unknown>;
	for (const { path: nth, how, with: value } of manglings) {
		const paths = pathsOf(copy).filter((path) => path.length > 0);
		const path = paths[nth % Math.max(1, paths.length)] ?? [];
		const parent = path.slice(0, -1).reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], copy) as
			| Record<string, unknown>
			| undefined;
		const name = path.at(-1);
		if (parent === undefined || name === undefined) continue;
		if (how === 0) delete parent[name];
		else if (how === 1) parent[name] = value;
		else if (how === 2)
			Object.defineProperty(parent, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
				value: parent[name],
				enumerable: true,
				configurable: true,
				writable: true,
			});
		else if (how === 3) Object.defineProperty(parent, '__proto__', { value, enumerable: true, configurable: true, writable: true });
		else if (how === 4) parent[name] = { [name]: parent[name], more: value };
		else parent[name] = typeof parent[name] === 'string' ? `${parent[name]}${secret}-token` : value;
	}
	return copy;
}

const anyEvent = fc
	.record({ event: fc.nat(events.length - 1), manglings: fc.array(mangling, { maxLength: 6 }) })
	.map(({ event, manglings }) => mangled(events[event] ?? {}, manglings));

/** Every text under a name by which AWS gives out secrets, wherever it stands. */
function secretsIn(event: unknown): string[] {
	const open: unknown[] = [event];
	const secrets: string[] = [];
	for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
		if (typeof value !== 'object' || value === null) continue;
		for (const [name, inner] of Object.entries(value)) {
			if (/^(sessionToken|secretAccessKey)$/.test(name) && typeof inner === 'string' && inner.length >= 8) secrets.push(inner);
			open.push(inner);
		}
	}
	return secrets;
}

function isHarmless(kept: Witness, event: unknown): void {
	const text = JSON.stringify(kept);
	for (const one of secretsIn(event)) expect(text).not.toContain(JSON.stringify(one).slice(1, -1));
	expect(text.length).toBeLessThan(MOST_BYTES);
	expect(witness.parse(JSON.parse(text))).toEqual(kept);
	canonical(kept);
	expect(text).not.toMatch(/\\u00[01]/);
}

test('mangled events of ours and others', () => {
	fc.assert(
		fc.property(anyEvent, (event) => {
			const read = readEvent(event, known, 'stream');
			if (read.is === 'witness') isHarmless(read.witness, event);
			if (read.is === 'poison') expect(read.why).not.toContain(secret);
		}),
		{ numRuns: 800 },
	);
});

test('a list that holds a prototype of its own', () => {
	const parameters = Object.defineProperty(['a'], '__proto__', { value: 'b', enumerable: true });
	const read = events.map((event) => readEvent({ ...event, requestParameters: parameters }, known, 'stream'));
	const witnesses = read.flatMap((one) => (one.is === 'witness' ? [one.witness] : []));
	expect(witnesses).not.toEqual([]);
	for (const kept of witnesses) isHarmless(kept, parameters);
});

test('anything at all', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => void readEvent(value, known, 'stream')),
		{ numRuns: 1_000 },
	);
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect(readEventText(text, known, 'stream').is).toBe('poison');
		}),
	);
});

test('text that is too long, too deep, or no event', () => {
	const why = (text: string): string => JSON.stringify(readEventText(text, known, 'stream'));
	expect(why('x'.repeat(1_048_577))).toContain('more than 1048576 characters');
	expect(why('[')).toContain('not JSON');
	expect(why('[]')).toContain('not an event');
	expect(why(`{"eventID":"11111111","requestParameters":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toContain('is not as in an event');
});

test('a request with more than is kept says so', () => {
	const parameters = [
		{ requestItems: Array.from({ length: 100 }, () => item) },
		{ key: { pk: 'x'.repeat(300) } },
		{ key: { ['p'.repeat(300)]: 'x' } },
		{ key: { a: { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } } },
		{ tableName: 'a', TableName: 'b' },
	];
	for (const said of parameters) {
		const read = readEvent(
			useEvent(issued, { source: 'dynamodb.amazonaws.com', name: 'TransactWriteItems', at, parameters: said }),
			known,
			'stream',
		);
		expect(read).toMatchObject({ is: 'witness', witness: { kind: 'use', cut: true } });
		if (read.is === 'witness') isHarmless(read.witness, said);
	}
});

test('an event of ours that can be read is one that was kept, whatever is said beside', () => {
	for (const event of ours)
		expect(readEvent({ ...event, additionalEventData: { SignatureVersion: 'SigV4' } }, known, 'stream').is).toBe('witness');
	expect(REGION).toBe('eu-west-1');
});

test('a token that stands where a name should is struck out, or the event is poison', () => {
	const [issue, , use] = ours;
	const told = { ...use, requestParameters: { bucketName: 'b', key: `${secret}-token`, 'X-Amz-Security-Token': `${secret}-token` } };
	const read = readEvent(told, known, 'stream');
	expect(read).toMatchObject({ is: 'witness', witness: { request: { bucketName: 'b', key: '[redacted]' }, cut: true } });
	const inTag = {
		...issue,
		requestParameters: { ...(issue?.requestParameters as object), tags: [{ key: 'head', value: `${secret}-token` }] },
	};
	expect(readEvent(inTag, known, 'stream').is).toBe('poison');
});

test('control: who keeps the event as it is keeps the token', () => {
	expect(() => isHarmless({ ...ours[0] } as unknown as Witness, ours[0])).toThrow();
});
