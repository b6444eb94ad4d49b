// I3. Requests are held to their schema here, not by Cedar, which is then shown a part of them only. So both are asked, about
// random schemas and requests that fit them or nearly do: what is let through here, Cedar would let through too, and the other way round.
import { type AuthorizationAnswer, type Context, type Entities, isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import type { Json } from '../../core/ids.ts';
import type { CedarRecord, CedarType } from '../../core/policy/cedar-input.ts';
import { misfits } from '../../core/policy/misfits.ts';
import type { CedarSchema } from '../../core/policy/schema.ts';
import type { PolicyQuestion } from '../../core/ports.ts';
import { permitAll } from './cedar-refund-desk.ts';

/** A type along with values that are of it, or nearly. */
type Typed<T extends CedarType = CedarType> = { type: T; values: fc.Arbitrary<Json> };

const numbers = [0, -0, 7, -7, 1.5, 2 ** 53, 2 ** 62, 2 ** 63, -(2 ** 63), 2 ** 63 - 2 ** 10, 1e19, 1e21, 5e-324];
const escapes = [{ __entity: { type: 'Agent', id: 'x' } }, { __extn: { fn: 'decimal', arg: '1.5' } }, { __expr: '1' }];
const stray: fc.Arbitrary<Json> = fc.oneof(
	fc.constantFrom<Json>(null, '', 'text', true, [], {}, ['a'], [1, 'a'], { a: 1 }, ...escapes),
	fc.constantFrom(...numbers),
);
const mostly = (values: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
	fc.oneof({ weight: 30, arbitrary: values }, { weight: 1, arbitrary: stray });
const key = fc.constantFrom('a', 'b', 'if', '', 'a"b', 'a.b', '💥', '__proto__', 'toString');
/** A schema that is generated declares none of Cedar's own words; here they are never taken for attributes. */
const strayKey = fc.oneof(key, fc.constantFrom('__extn', '__entity', '__expr'));

const scalar = fc.constantFrom<Typed>(
	{ type: { type: 'String' }, values: mostly(fc.string({ unit: 'grapheme', maxLength: 4 })) },
	{ type: { type: 'Long' }, values: mostly(fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-0, 2 ** 62))) },
	{ type: { type: 'Boolean' }, values: mostly(fc.boolean()) },
);
const { record } = fc.letrec<{ any: Typed; set: Typed; record: Typed<CedarRecord> }>((tie) => ({
	any: fc.oneof({ maxDepth: 3, depthSize: 'small' }, scalar, tie('set'), tie('record')),
	set: tie('any').map(({ type, values }) => ({ type: { type: 'Set', element: type }, values: mostly(fc.array(values, { maxLength: 3 })) })),
	record: fc.uniqueArray(fc.tuple(key, tie('any'), fc.boolean()), { maxLength: 4, selector: ([name]) => name }).map(recordOf),
}));

function recordOf(attributes: readonly (readonly [string, Typed, boolean])[]): Typed<CedarRecord> {
	const types = attributes.map(([name, { type }, required]) => [name, { ...type, required }] as const);
	const values = attributes.map(([name, { values }, required]) =>
		fc.tuple(fc.constant(name), values, required ? frequently : fc.boolean()),
	);
	const extra = fc.oneof(
		{ weight: 20, arbitrary: fc.constant([]) },
		fc.tuple(strayKey, stray, fc.constant(true)).map((one) => [one]),
	);
	return {
		type: { type: 'Record', attributes: Object.fromEntries(types) },
		values: mostly(
			fc
				.tuple(fc.tuple(...values), extra)
				.map(([own, more]) => Object.fromEntries([...own, ...more].filter(([, , there]) => there).map(([name, value]) => [name, value]))),
		),
	};
}
const frequently = fc.integer({ min: 0, max: 30 }).map((at) => at > 0);

const uid = (right: string, id: fc.Arbitrary<string> = fc.constant('it')) =>
	fc.record({ type: fc.oneof({ weight: 30, arbitrary: fc.constant(right) }, fc.constantFrom('Agent', 'Thing', 'Action', 'Nothing')), id });
const cases = fc.tuple(record, record).chain(([context, shape]) => {
	const schema: CedarSchema = {
		'': {
			entityTypes: { Agent: { shape: { type: 'Record', attributes: {} } }, Thing: { shape: shape.type } },
			actions: { 'a.tool': { appliesTo: { principalTypes: ['Agent'], resourceTypes: ['Thing'], context: context.type } } },
		},
	};
	const entity = fc.record({ uid: uid('Thing', fc.constantFrom('it', 'that')), attrs: shape.values, parents: fc.constant([]) });
	const question = fc.record({
		principal: uid('Agent'),
		action: uid('Action', fc.oneof({ weight: 30, arbitrary: fc.constant('a.tool') }, fc.constantFrom('other', 'toString'))),
		resource: uid('Thing'),
		context: context.values,
		// Cedar lets the same fact twice pass where both say the same; here it is a misfit in any case.
		entities: fc.uniqueArray(entity, { maxLength: 2, selector: ({ uid }) => `${uid.type} ${uid.id}` }),
	});
	return fc.record({ schema: fc.constant(schema), question: question as fc.Arbitrary<PolicyQuestion> });
});

const cedarSays = (schema: CedarSchema, { principal, action, resource, context, entities }: PolicyQuestion): AuthorizationAnswer =>
	isAuthorized({
		principal,
		action,
		resource,
		context: context as Context,
		entities: entities as Entities,
		policies: { staticPolicies: permitAll },
		schema,
		validateRequest: true,
	});

const seen = { fits: 0, misfits: 0 };
test.prop([cases], { numRuns: 1_500 })('fits here exactly where it fits for Cedar', ({ schema, question }) => {
	const here = misfits(schema, question);
	const there = cedarSays(schema, question);
	seen[here.length === 0 ? 'fits' : 'misfits'] += 1;
	expect({ fits: here.length === 0, here, there }).toMatchObject({ fits: there.type === 'success' });
});

test('control: there were hundreds of both', () => {
	expect(Math.min(seen.fits, seen.misfits)).toBeGreaterThan(300);
});
