/** `core/ledger/content.ts`, which seals and unseals each content once, and finds the shape of what it has unsealed once. */

import type { Json } from '../../../core/ids.ts';
import { seal as close, unseal as open, contents as shapes } from '../../../core/ledger/content.ts';
import { canonical } from './chain.ts';
import { remembered } from './remembered.ts';

export * from '../../../core/ledger/content.ts';

type Bound = Parameters<typeof open>[1];
/** In boxes: that nothing can be unsealed is an answer too. */
const unsealed = remembered<string, { readonly plain: unknown }>('a content');
const sealed = remembered<string, { readonly text: string }>('a ciphertext');

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
const by = (key: Uint8Array, { run, kind, nonce }: Bound): string => `${run} ${kind} ${nonce} ${latin1(key)}`;

export function unseal(key: Uint8Array, bound: Bound, bytes: Uint8Array): unknown {
	const asked = `${by(key, bound)} ${latin1(bytes)}`;
	return unsealed.of(asked, () => ({ plain: open(key, bound, bytes) })).plain;
}

export function seal(key: Uint8Array, bound: Bound, plain: Json): Uint8Array {
	const asked = `${by(key, bound)} ${canonical(plain)}`;
	return Buffer.from(sealed.of(asked, () => ({ text: latin1(close(key, bound, plain)) })).text, 'latin1');
}

type Shape = (typeof shapes)[keyof typeof shapes];
type Shaped = ReturnType<Shape['safeParse']>;

/** Of what was unsealed here, which is frozen throughout: the same object has the same shape. */
function shapedOnce<S extends Shape>(shape: S): S {
	const known = new WeakMap<object, string>();
	return Object.create(shape, {
		safeParse: {
			value: (given: unknown): Shaped => {
				if (typeof given !== 'object' || given === null || !Object.isFrozen(given)) return shape.safeParse(given);
				const before = known.get(given);
				// Each is given a copy: whoever has one may change it.
				if (before !== undefined) return { success: true, data: JSON.parse(before) };
				const shaped = shape.safeParse(given);
				if (shaped.success) known.set(given, JSON.stringify(shaped.data));
				return shaped;
			},
		},
	});
}

export const contents = Object.fromEntries(
	Object.entries(shapes).map(([kind, shape]) => [kind, shapedOnce(shape)]),
) as unknown as typeof shapes;
