/**
 * Cedar's WebAssembly instance, of which a process has one. Two things damage it for good, both unspecified by Cedar:
 * a stack overflow traps and leaves its stack pointer where it was; and each exception that passes through it leaks a
 * piece of that stack, so about 1,500 requests that are not plain JSON end it. So values are checked before they go in, and a
 * damaged instance is asked nothing any more: every answer is then an error, which is a deny (I3).
 * @see docs/design/cedar-schema.md#what-ends-the-instance
 */

/** Thrown for every call once the instance is damaged. Only a new process has a new one. */
export class CedarEnded extends Error {
	override name = 'CedarEnded';
}
/** Thrown for a value that must not reach the instance. */
export class NotPlain extends Error {
	override name = 'NotPlain';
}

/** Levels in a value at most. The instance refuses 128, by an exception. */
const DEPTH = 100;
/** Exceptions out of the instance that are put up with: their leak is then a twentieth of its stack. */
const EXCEPTIONS = 64;
/** `RuntimeError` is the instance's own trap; `RangeError` is the engine's stack, run out inside it. */
const TRAPS: ReadonlySet<string> = new Set(['RuntimeError', 'RangeError']);
let ended: string | undefined;
let exceptions = 0;

/**
 * Calls into the instance with `argument`, which must be plain JSON.
 *
 * @throws NotPlain before anything is called; CedarEnded when the instance is damaged; what the call throws.
 */
export function enter<Argument, Answer>(argument: Argument, call: (argument: Argument) => Answer): Answer {
	if (ended !== undefined)
		throw new CedarEnded(`Cedar's instance ended earlier (${ended}) and answers nothing any more; start the process anew`);
	demandPlain(argument, []);
	try {
		return call(argument);
	} catch (error) {
		exceptions += 1;
		if (error instanceof Error && TRAPS.has(error.name)) ended = error.message;
		else if (exceptions >= EXCEPTIONS) ended = `${exceptions} exceptions went through it`;
		throw error;
	}
}

/** `at` is the path to `value`, for messages. */
function demandPlain(value: unknown, at: string[]): void {
	// A cycle is deeper than any bound.
	if (at.length > DEPTH) throw new NotPlain(`${at.slice(0, 8).join('.')}…: more than ${DEPTH} levels deep`);
	switch (typeof value) {
		case 'string':
			if (!value.isWellFormed()) throw new NotPlain(`${at.join('.')}: the string holds half a surrogate pair`);
			return;
		case 'object':
			for (const [key, part] of Object.entries(value ?? {})) {
				if (!key.isWellFormed()) throw new NotPlain(`${at.join('.')}: a key holds half a surrogate pair`);
				at.push(key);
				demandPlain(part, at);
				at.pop();
			}
			return;
		case 'number':
		case 'boolean':
		case 'undefined':
			return;
		default:
			throw new NotPlain(`${at.join('.')}: a ${typeof value} is no JSON`);
	}
}
